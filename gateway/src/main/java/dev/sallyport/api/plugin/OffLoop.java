package dev.sallyport.api.plugin;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// On a type of an extension that never runs on an event loop: it may wait, read files and take locks. Everything
/// else in an extension is taken to run there.
@Documented
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
public @interface OffLoop {
    /// Where it runs instead.
    String value();
}
