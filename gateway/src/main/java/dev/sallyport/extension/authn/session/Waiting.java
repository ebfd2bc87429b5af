package dev.sallyport.extension.authn.session;

import dev.sallyport.api.plugin.OffLoop;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Waits for shared state, on threads that may.
@OffLoop("virtual threads")
public final class Waiting {
    private static final long LONGEST_SECONDS = 5;

    private Waiting() {}

    /// What `stage` ends with.
    ///
    /// @throws StateException it fails, or does not end in time
    public static <T extends @Nullable Object> T on(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(LONGEST_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new StateException("shared state does not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StateException("interrupted", e);
        }
    }

    /// Shared state cannot be asked; nothing may be decided without it.
    public static final class StateException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        StateException(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
