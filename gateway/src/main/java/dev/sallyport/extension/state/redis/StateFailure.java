package dev.sallyport.extension.state.redis;

/// Why shared state could not be asked. Costs next to nothing: it has no stack trace.
public final class StateFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Why why;

    /// Reasons.
    public enum Why {
        DOWN("the store of shared state is down"),
        CROWDED("too many commands for the store of shared state are open"),
        SLOW("the store of shared state did not answer in time"),
        FORGED("a value in the store of shared state is forged"),
        FORGOT("the store of shared state has forgotten marks"),
        LARGE("a space of shared state holds more than can be told at once");

        private final String words;

        Why(String words) {
            this.words = words;
        }
    }

    StateFailure(Why why) {
        super(why.words, null, false, false);
        this.why = why;
    }

    public Why why() {
        return why;
    }
}
