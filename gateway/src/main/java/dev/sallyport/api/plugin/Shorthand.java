package dev.sallyport.api.plugin;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// On a configuration record: a plain value in the place of the map stands for a map with this one key. When the key
/// holds a map and is the record's only one, the record is always written as that map.
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Shorthand {
    /// The key, in kebab-case.
    String value();
}
