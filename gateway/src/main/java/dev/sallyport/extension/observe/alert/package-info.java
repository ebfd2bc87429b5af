/// Rules that are watched all the time, and what is told when one of them is broken: `Alerts` is where to start. It
/// has `RuleReader` compare rules with signals, sources and what is usual, keeps what is pending, firing and resolved,
/// and hands notifications to whoever delivers them.
@NullMarked
package dev.sallyport.extension.observe.alert;

import org.jspecify.annotations.NullMarked;
