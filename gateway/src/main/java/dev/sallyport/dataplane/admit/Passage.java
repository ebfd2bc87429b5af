package dev.sallyport.dataplane.admit;

import dev.sallyport.api.exchange.LocalResponse;
import dev.sallyport.api.exchange.Refusal;
import java.util.concurrent.CompletionStage;

/// What the [AdmissionGate] says of an exchange.
public sealed interface Passage {
    record Granted(Admission admission) implements Passage {}

    record Refused(Refusal refusal) implements Passage {}

    /// Not let in, but answered: sent to log in.
    record Answered(LocalResponse response) implements Passage {}

    /// Not known yet; whoever waits refuses when it takes too long, fails or yields null.
    record Await(CompletionStage<Passage> passage) implements Passage {}
}
