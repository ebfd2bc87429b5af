package dev.sallyport.controlplane.config.behaviour;

import dev.sallyport.api.plugin.Default;
import dev.sallyport.api.plugin.Doc;
import dev.sallyport.api.plugin.Range;
import java.time.Duration;

/// How guesses at one account are slowed down.
@Doc(
        "How guesses at one account are slowed down. Nobody is locked out: a credential that did well from the same network before "
                + "never waits.")
public record AccountsConfig(
        @Doc("The score of failures at one account above which attempts at it wait.")
        @Default("30")
        @Range(min = "1", max = "1000000")
        Decimal above,

        @Doc("How long they wait at `above`; twice as long at twice the score.")
        @Default("500ms")
        @Range(min = "0s", max = "5s")
        Duration delay,

        @Doc("How long they wait at most.") @Default("5s") @Range(min = "0s", max = "5s")
        Duration longestDelay) {}
