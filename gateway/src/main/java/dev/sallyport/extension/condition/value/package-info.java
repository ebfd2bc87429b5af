/// What conditions may ask of an exchange: views of it in the types of the expression language, which look up nothing
/// that is not asked for. Start at `Variables`. A thing without value is an error there, never a default.
@NullMarked
package dev.sallyport.extension.condition.value;

import org.jspecify.annotations.NullMarked;
