package dev.sallyport.extension.authn.server;

import dev.sallyport.api.plugin.Default;
import dev.sallyport.api.plugin.Doc;
import dev.sallyport.api.plugin.Range;
import dev.sallyport.remote.Questions;
import java.time.Duration;

/// How much is asked of an authorization server.
@Doc("How much is asked of the server, and when it is given up.")
public record LimitsConfig(
        @Doc("How long the server may take for an answer.") @Default("2s") @Range(min = "10ms", max = "30s")
        Duration timeout,

        @Doc("Questions open at once; more tokens are answered 503.") @Default("64") @Range(min = "1", max = "10000")
        int inFlight,

        @Doc("Of them, those for one IPv4 address or IPv6 /64; more are answered 429.")
        @Default("8")
        @Range(min = "1", max = "10000")
        int inFlightPerNetwork,

        @Doc("Failures in a row after which the server is not asked for a time.")
        @Default("5")
        @Range(min = "1", max = "1000")
        int failures,

        @Doc("For how long; tokens that are not remembered are answered 503 meanwhile.")
        @Default("5s")
        @Range(min = "100ms", max = "5m")
        Duration pause) {
    /// As those who ask want to have it.
    public Questions.Bounds bounds() {
        return new Questions.Bounds(inFlight, inFlightPerNetwork, failures, pause);
    }
}
