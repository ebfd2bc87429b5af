package dev.sallyport.controlplane.config;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Parts of the configuration language that this version does not do, so that using them is refused with that
/// reason instead of as a misspelling.
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface NotYet {
    /// Keys of the record, or words of the enumeration.
    String[] value() default {};

    /// What a map in the place of the plain value would have been.
    String map() default "";
}
