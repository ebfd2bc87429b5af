/// Conditions in the Common Expression Language: text is compiled and type-checked when a configuration is loaded, and
/// asked on event loops. Start at `CelExpressions`; what a condition may ask of is in `value`. The library's classes
/// are loaded with the first condition, not before.
@NullMarked
package dev.sallyport.extension.condition;

import org.jspecify.annotations.NullMarked;
