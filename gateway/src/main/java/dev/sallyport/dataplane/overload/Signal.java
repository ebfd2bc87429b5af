package dev.sallyport.dataplane.overload;

/// By what it is seen that there is too much to do; its word is in log and metrics.
public enum Signal {
    /// Requests at once at an upstream.
    CONCURRENCY("concurrency"),
    /// The same, and the caller has its share.
    FAIR_SHARE("fair-share"),
    /// Requests at once in the whole gateway.
    REQUESTS("requests"),
    LOOP_LAG("loop-lag"),
    MEMORY("memory");

    private final String word;

    Signal(String word) {
        this.word = word;
    }

    public String word() {
        return word;
    }
}
