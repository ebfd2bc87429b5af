package dev.sallyport.controlplane.config.behaviour;

import dev.sallyport.api.plugin.Default;
import dev.sallyport.api.plugin.Doc;
import dev.sallyport.api.plugin.Range;
import java.time.Duration;

/// When somebody must be trying credentials out.
@Doc(
        "When so much authentication fails that somebody must be trying credentials out, each from another place and for another "
                + "account.")
public record SiegeConfig(
        @Doc("The part of all attempts, 0 to 1, that has to fail.") @Default("0.5") @Range(min = "0.01", max = "1")
        Decimal share,

        @Doc("Failures, of about the last minute, that it takes besides.")
        @Default("100")
        @Range(min = "1", max = "1000000")
        Decimal atLeast,

        @Doc(
                "How long attempts with names and passwords or API keys wait then, but for credentials that did well before.")
        @Default("500ms")
        @Range(min = "0s", max = "5s")
        Duration delay) {}
