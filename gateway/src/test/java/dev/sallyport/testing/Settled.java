package dev.sallyport.testing;

import dev.sallyport.api.access.Authentication;
import dev.sallyport.api.exchange.Decision;
import dev.sallyport.api.exchange.Refusal;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// What comes of answers that are awaited, in the end.
public final class Settled {
    private Settled() {}

    public static Authentication of(Authentication found) {
        Authentication now = found;
        while (now instanceof Authentication.Await await) {
            now = value(await.authentication());
        }
        return now;
    }

    public static Decision of(Decision found) {
        Decision now = found;
        while (now instanceof Decision.Await await) {
            now = value(await.decision());
        }
        return now;
    }

    /// How a caller is refused.
    public static Refusal refusal(Authentication found) {
        return switch (of(found)) {
            case Authentication.BadCredential bad -> bad.refusal();
            case Authentication.Unclaimed other -> other.refusal();
            default -> throw new AssertionError("not refused: " + found);
        };
    }

    /// How a request is refused.
    public static Refusal refusal(Decision found) {
        return switch (of(found)) {
            case Decision.Refuse refuse -> refuse.refusal();
            default -> throw new AssertionError("not refused: " + found);
        };
    }

    /// What `stage` completes with.
    public static <T> T value(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(Eventually.DEADLINE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError("no answer", e);
        }
    }
}
