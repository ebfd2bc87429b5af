package dev.sallyport.api.plugin;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// The form of a text, of each text of a list, or of each name of a map. Matched against the whole, on control
/// threads only; the expression must be safe to run on any text and mean the same in ECMA-262, for the JSON
/// Schema.
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Matches {
    String value();

    /// What would be right, completing "expected: ".
    String expected();
}
