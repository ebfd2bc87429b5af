/// The console: a web page on the admin listener and what it asks the gateway. Start with `ConsoleEndpoints`; the page
/// itself is in the resources beside. What it shows comes through `Figures`, `Operation` and the endpoints that
/// programs
/// use too.
@NullMarked
package dev.sallyport.controlplane.console;

import org.jspecify.annotations.NullMarked;
