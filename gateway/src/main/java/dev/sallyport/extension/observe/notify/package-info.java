/// Ways to tell people and machines of alerts. `Delivery` has a queue and a thread for each `Notifier`, so that one
/// that
/// does not answer holds up nobody, least of all an event loop.
@NullMarked
package dev.sallyport.extension.observe.notify;

import org.jspecify.annotations.NullMarked;
