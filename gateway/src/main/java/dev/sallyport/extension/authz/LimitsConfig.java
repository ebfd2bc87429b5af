package dev.sallyport.extension.authz;

import dev.sallyport.api.plugin.Default;
import dev.sallyport.api.plugin.Doc;
import dev.sallyport.api.plugin.Range;
import dev.sallyport.remote.Questions;
import java.time.Duration;

/// How much is asked of a policy server.
@Doc("How much is asked of the policy server, and when it is given up.")
public record LimitsConfig(
        @Doc("How long the server may take for an answer; none in time is answered 503.")
        @Default("1s")
        @Range(min = "10ms", max = "9s")
        Duration timeout,

        @Doc("Questions open at once; more requests are answered 503.") @Default("256") @Range(min = "1", max = "10000")
        int inFlight,

        @Doc("Of them, those for one IPv4 address or IPv6 /64; more are answered 503.")
        @Default("64")
        @Range(min = "1", max = "10000")
        int inFlightPerNetwork,

        @Doc("Failures in a row after which the server is not asked for a time.")
        @Default("5")
        @Range(min = "1", max = "1000")
        int failures,

        @Doc("For how long; requests whose decision is not remembered are answered 503 meanwhile.")
        @Default("2s")
        @Range(min = "100ms", max = "5m")
        Duration pause) {
    Questions.Bounds bounds() {
        return new Questions.Bounds(inFlight, inFlightPerNetwork, failures, pause);
    }
}
