package dev.sallyport.api.plugin;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// What a configuration key means when it is left out. A key that has neither this nor a nullable type must be
/// written.
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Default {
    /// The value as a user would write it in YAML, such as `10s`, `[]` or `{}`.
    String value();
}
