/// The golden signals over time: how much is asked, what goes wrong, how long it takes and how full the gateway is,
/// per route, upstream, listener and as a whole. `Signals` is where to start: it differences the running totals of
/// metric sources and answers for any window; the `Sampler` asks it to, every few seconds.
///
/// All of it on control threads; memory is bounded and idle scopes take none.
@NullMarked
package dev.sallyport.extension.observe.signals;

import org.jspecify.annotations.NullMarked;
