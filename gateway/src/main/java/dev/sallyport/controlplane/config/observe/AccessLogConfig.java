package dev.sallyport.controlplane.config.observe;

import dev.sallyport.api.plugin.Default;
import dev.sallyport.api.plugin.Doc;
import dev.sallyport.api.plugin.Matches;
import dev.sallyport.api.plugin.OneOrMore;
import dev.sallyport.api.plugin.Shorthand;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The access log.
@Doc("One JSON line per request, written off the event loops; lines that cannot be written in time are counted.")
public record AccessLogConfig(
        @Doc("`stdout`, `off`, or a map with a file or a collector of logs.") @Default("stdout") @OneOrMore
        List<LogTarget> to,

        @Doc("The names of the fields.") @Default("otel") Format format,

        @Doc("Which requests have a line. Left out: all.") @Nullable
        Sample sample,

        @Doc("Header fields that are logged too.") @Nullable Chosen headers) {
    /// The form of a header field's name.
    static final String TOKEN = "[A-Za-z0-9!#$%&'*+.^_`|~-]+";

    private static final int MOST_TARGETS = 8;
    private static final int MOST_HEADERS = 32;
    private static final int MOST_RULES = 64;

    public AccessLogConfig {
        if (to.isEmpty() || to.size() > MOST_TARGETS) {
            throw new IllegalArgumentException(
                    "to: " + to.size() + " places (expected: 1 to " + MOST_TARGETS + "; `off` for none)");
        }
        if (to.size() > 1 && to.contains(LogStream.OFF)) {
            throw new IllegalArgumentException("to: off beside other places (expected: off alone)");
        }
        if (to.stream().filter(LogStream.STDOUT::equals).count() > 1) {
            throw new IllegalArgumentException("to: stdout twice (expected: once)");
        }
    }

    /// Whether it goes anywhere.
    public boolean on() {
        return !to.contains(LogStream.OFF);
    }

    /// The names of log fields.
    public enum Format {
        @Doc("Names of the OpenTelemetry semantic conventions.")
        OTEL,
        @Doc("Names of the Elastic Common Schema.")
        ECS
    }

    /// Header fields.
    @Doc("Header fields, in any case. Values are cut after 1024 octets, and of each field eight values are logged.")
    public record Chosen(
            @Doc("Fields that the client sent.")
            @Default("[]")
            @Matches(value = AccessLogConfig.TOKEN, expected = "the name of a header field")
            List<String> request,

            @Doc("Fields that the upstream, or the gateway itself, answered with.")
            @Default("[]")
            @Matches(value = AccessLogConfig.TOKEN, expected = "the name of a header field")
            List<String> response) {
        public Chosen {
            if (request.size() > MOST_HEADERS || response.size() > MOST_HEADERS) {
                throw new IllegalArgumentException(
                        Math.max(request.size(), response.size()) + " fields (expected: at most " + MOST_HEADERS + ")");
            }
        }
    }

    /// Which requests have a line.
    @Doc(
            "Which part of the requests that went well has a line. Refusals, failures and statuses from 400 on always have one. What is left out is counted.")
    @Shorthand("rate")
    public record Sample(
            @Doc("The part of those that no rule is for.") @Default("100%")
            SampleRate rate,

            @Doc("Other parts for some of them; the first that fits counts.") @Default("[]")
            List<Rule> rules) {
        public Sample {
            if (rules.size() > MOST_RULES) {
                throw new IllegalArgumentException(
                        "rules: " + rules.size() + " (expected: at most " + MOST_RULES + ")");
            }
        }
    }

    /// A part for some requests.
    @Doc("Another part for requests of some routes, or for which a condition holds, or both.")
    public record Rule(
            @Doc("Names of routes. Left out: all.") @OneOrMore @Nullable
            List<String> routes,

            @Doc("A condition; where it has no answer the line is written. Left out: it always holds.") @Nullable
            String when,

            @Doc("The part of them that has a line.") SampleRate rate) {
        public Rule {
            if (routes == null && when == null) {
                throw new IllegalArgumentException("neither routes nor when (expected: one of them)");
            }
        }
    }

    /// How a file is kept when another one was begun.
    public enum Compress {
        @Doc("With gzip, as NAME.1.gz.")
        GZIP
    }

    /// Where the access log goes.
    public sealed interface LogTarget permits LogStream, LogPlace {}

    /// Places that need no more words.
    public enum LogStream implements LogTarget {
        @Doc("Standard output.")
        STDOUT,
        @Doc("No access log.")
        OFF
    }
}
