package dev.sallyport.controlplane.config.observe;

import dev.sallyport.api.plugin.Default;
import dev.sallyport.api.plugin.Doc;
import dev.sallyport.api.plugin.Nearest;
import dev.sallyport.api.plugin.Range;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Something to be told of.
@Doc(
        "Something to be told of: `signal` is more than `above`, or burns an objective too fast, for as long as `for` says.")
public record AlertConfig(
        @Doc("What is watched.") Signal signal,

        @Doc("Which quantile of `latency`, such as 0.99.") @Nullable
        Quantile quantile,

        @Doc(
                "Above what: a duration (`latency`, `loop-lag`), a part such as `5%` (`errors`, `saturation`, `log-disk`), a rate such as "
                        + "`20/min`, or a multiple of what is usual such as `3x-baseline`.")
        @Nullable
        Above above,

        @Doc("In the place of `above`, for `errors`: an objective that is used up too fast.") @Nullable
        BurnRate burnRate,

        @Doc("The time that is looked at. Left out: the unit of a rate, else `1m`.")
        @Nullable
        @Range(min = "1s", max = "1h")
        Duration window,

        @Doc("For how long it must be so before anybody is told.") @Default("0s") @Range(min = "0s", max = "24h")
        Duration for_,

        @Doc("What it is watched for one by one.") @Default("gateway")
        By by,

        @Doc("How much it matters.") @Default("warning") Severity severity,

        @Doc("Fewer requests than this in the window say nothing.") @Default("20") @Range(min = "0", max = "1000000000")
        int least,

        @Doc("How long the gateway must have watched before anything counts as usual, for `3x-baseline`.")
        @Default("1h")
        @Range(min = "1s", max = "3h")
        Duration learn)
        implements AlertSetting {
    private static final Duration LONGEST_OF_SOURCES = Duration.ofMinutes(10);

    public AlertConfig {
        if (signal == Signal.ANOMALY && above != null) {
            throw new IllegalArgumentException("above: with anomaly (expected: none)");
        }
        if (signal != Signal.ANOMALY && (above == null) == (burnRate == null)) {
            throw new IllegalArgumentException("not one measure (expected: `above` or `burn-rate`)");
        }
        if (burnRate != null && signal != Signal.ERRORS) {
            throw new IllegalArgumentException("burn-rate: with " + Signal.word(signal) + " (expected: with errors)");
        }
        if (quantile != null && signal != Signal.LATENCY) {
            throw new IllegalArgumentException("quantile: with " + Signal.word(signal) + " (expected: with latency)");
        }
        if (above != null && !signal.forms().contains(above.form())) {
            throw new IllegalArgumentException("above: " + above + " (expected: with " + Signal.word(signal) + " "
                    + String.join(
                            " or ",
                            signal.forms().stream().map(Above.Form::expected).toList())
                    + ")");
        }
        if (!signal.groups().contains(by)) {
            throw new IllegalArgumentException("by: " + by + " (expected: with " + Signal.word(signal) + " "
                    + Nearest.oneOf(signal.groups().stream().map(By::toString).toList()) + ")");
        }
        boolean ofSources = by == By.CLIENT_NETWORK || by == By.PRINCIPAL;
        if (ofSources
                && above != null
                && (above.form() != Above.Form.RATE || above.per().compareTo(LONGEST_OF_SOURCES) > 0)) {
            throw new IllegalArgumentException(
                    "above: " + above + " (expected: by " + by + " a rate per second or minute, such as 20/min)");
        }
        if (ofSources && window != null) {
            throw new IllegalArgumentException("window: by " + by + " (expected: none; it is the unit of the rate)");
        }
    }

    /// What can be watched.
    @SuppressWarnings("ImmutableEnumChecker") // lists that nobody can change
    public enum Signal {
        @Doc("How long answers below 400 take.")
        LATENCY(List.of(Above.Form.DURATION), By.SCOPES),
        @Doc("Requests that failed by the gateway's or an upstream's fault.")
        ERRORS(List.of(Above.Form.PERCENT, Above.Form.RATE, Above.Form.BASELINE), By.SCOPES),
        @Doc("Requests, whatever became of them.")
        TRAFFIC(List.of(Above.Form.RATE, Above.Form.BASELINE), By.PLACES),
        @Doc("How full memory is after garbage was collected, or the table of open files, whichever is fuller.")
        SATURATION(List.of(Above.Form.PERCENT), List.of(By.GATEWAY)),
        @Doc("How late event loops are.")
        LOOP_LAG(List.of(Above.Form.DURATION), List.of(By.GATEWAY)),
        @Doc("Refusals with 401.")
        FAILED_AUTHENTICATION(List.of(Above.Form.RATE, Above.Form.BASELINE), By.SOURCES),
        @Doc("Refusals with 403.")
        DENIED(List.of(Above.Form.RATE, Above.Form.BASELINE), By.SOURCES),
        @Doc("Refusals by limits, with 429.")
        LIMITED(List.of(Above.Form.RATE, Above.Form.BASELINE), By.SOURCES),
        @Doc("Answers with 404, the gateway's or an upstream's.")
        NOT_FOUND(List.of(Above.Form.RATE, Above.Form.BASELINE), By.SOURCES),
        @Doc("Requests that cannot be understood.")
        MALFORMED(List.of(Above.Form.RATE, Above.Form.BASELINE), List.of(By.GATEWAY)),
        @Doc("How full the disk is that the access log is on, when it is a file.")
        LOG_DISK(List.of(Above.Form.PERCENT), List.of(By.GATEWAY)),
        @Doc("Lines of the access log and entries of the audit log that were lost or could not be written.")
        LOG_LOSS(List.of(Above.Form.RATE), List.of(By.GATEWAY)),
        @Doc("Whatever is unlike the past; without `above`.")
        ANOMALY(List.of(), List.of(By.GATEWAY));

        private final List<Above.Form> forms;
        private final List<By> groups;

        Signal(List<Above.Form> forms, List<By> groups) {
            this.forms = forms;
            this.groups = groups;
        }

        List<Above.Form> forms() {
            return forms;
        }

        List<By> groups() {
            return groups;
        }

        private static String word(Signal signal) {
            return signal.name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /// What a rule is watched for one by one.
    public enum By {
        @Doc("The gateway as a whole.")
        GATEWAY("gateway"),
        @Doc("Each route.")
        ROUTE("route"),
        @Doc("Each upstream.")
        UPSTREAM("upstream"),
        @Doc("Each listener.")
        LISTENER("listener"),
        @Doc("Each network of clients: a /24 of IPv4, a /48 of IPv6.")
        CLIENT_NETWORK("client.network"),
        @Doc("Each proven caller.")
        PRINCIPAL("principal.id");

        static final List<By> SCOPES = List.of(GATEWAY, ROUTE, UPSTREAM);
        static final List<By> PLACES = List.of(GATEWAY, ROUTE, UPSTREAM, LISTENER);
        static final List<By> SOURCES = List.of(GATEWAY, ROUTE, CLIENT_NETWORK, PRINCIPAL);

        private final String word;

        By(String word) {
            this.word = word;
        }

        @Override
        public String toString() {
            return word;
        }
    }

    /// How much an alert matters.
    public enum Severity {
        @Doc("Good to know.")
        INFO,
        @Doc("To be looked at soon.")
        WARNING,
        @Doc("To be looked at now.")
        CRITICAL
    }
}
