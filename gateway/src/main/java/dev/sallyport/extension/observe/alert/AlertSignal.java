package dev.sallyport.extension.observe.alert;

import dev.sallyport.extension.observe.source.Conduct;
import org.jspecify.annotations.Nullable;

/// What a rule watches.
public enum AlertSignal {
    LATENCY("slow answers"),
    ERRORS("failures"),
    TRAFFIC("requests"),
    SATURATION("saturation"),
    LOOP_LAG("event loop lag"),
    FAILED_AUTHENTICATION("failed authentications"),
    DENIED("denials"),
    LIMITED("refusals by limits"),
    NOT_FOUND("requests for what is not there"),
    MALFORMED("requests that cannot be understood"),
    LOG_DISK("a full disk of the access log"),
    LOG_LOSS("log lines lost or not written"),
    ANOMALY("anomalies");

    private final String words;

    AlertSignal(String words) {
        this.words = words;
    }

    /// What there are so many of.
    public String words() {
        return words;
    }

    /// What is counted of single sources, or null.
    @Nullable
    Conduct conduct() {
        return switch (this) {
            case FAILED_AUTHENTICATION -> Conduct.UNAUTHENTICATED;
            case DENIED -> Conduct.DENIED;
            case LIMITED -> Conduct.LIMITED;
            case NOT_FOUND -> Conduct.NOT_FOUND;
            case LATENCY, ERRORS, TRAFFIC, SATURATION, LOOP_LAG, MALFORMED, LOG_DISK, LOG_LOSS, ANOMALY -> null;
        };
    }
}
