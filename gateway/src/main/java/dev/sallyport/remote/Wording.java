package dev.sallyport.remote;

import dev.sallyport.api.exchange.Refusal;
import dev.sallyport.telemetry.Event;

/// What is said when a server cannot be asked.
///
/// @param unavailable it does not answer as it must, or is given up for a time
/// @param busy        as many questions are open as may be
/// @param networkBusy one network of clients has too many questions open
/// @param failing     told when it is given up
/// @param recovered   told when it answers again
public record Wording(Refusal unavailable, Refusal busy, Refusal networkBusy, Event failing, Event recovered) {}
