/// Questions about an exchange, written as text in the configuration and compiled when it is loaded: `Condition` is
/// what a rule asks, `Value` is a text or a number, `Expressions` compiles. What language the text is in is the
/// implementation's matter.
@NullMarked
package dev.sallyport.api.expression;

import org.jspecify.annotations.NullMarked;
