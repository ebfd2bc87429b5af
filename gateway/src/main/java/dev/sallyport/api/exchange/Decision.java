package dev.sallyport.api.exchange;

import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/// What a [Policy] says of a request.
public sealed interface Decision {
    /// Go on.
    Decision PROCEED = new Proceed();

    /// Go on with the next policy.
    record Proceed() implements Decision {}

    /// Stop here, with a reason.
    record Refuse(Refusal refusal) implements Decision {}

    /// Stop here: this is the answer.
    record Answer(LocalResponse response) implements Decision {}

    /// Not without the request's body: it is collected and given to `then`, on the exchange's loop; one of more than
    /// `most` octets is refused (413). The body is used up by that: the request must be answered here.
    record ReadBody(int most, Function<byte[], Decision> then) implements Decision {}

    /// Not known yet; no answer within the exchange's deadline, a failure or a null refuses.
    record Await(CompletionStage<Decision> decision) implements Decision {}
}
