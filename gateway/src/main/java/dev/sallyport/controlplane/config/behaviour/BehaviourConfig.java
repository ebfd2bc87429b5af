package dev.sallyport.controlplane.config.behaviour;

import dev.sallyport.api.plugin.Default;
import dev.sallyport.api.plugin.Doc;
import dev.sallyport.api.plugin.Range;

/// How the conduct of callers changes what they may.
@Doc(
        "Continuous verification: what callers do changes what they may. Without this section nobody's conduct is watched; `{}` is "
                + "a sensible beginning.")
public record BehaviourConfig(
        @Doc("What speaks against callers, and how much.") @Default("{}")
        SignalsConfig signals,

        @Doc("What scores mean.") @Default("{}") LevelsConfig levels,

        @Doc("How guesses at one account are slowed down.") @Default("{}")
        AccountsConfig accounts,

        @Doc("When so much authentication fails that somebody must be trying credentials out.") @Default("{}")
        SiegeConfig siege,

        @Doc("Which addresses count together.") @Default("{}")
        NetworksConfig networks,

        @Doc("How many requests may wait at once because of conduct; more are answered 429.")
        @Default("1000")
        @Range(min = "1", max = "100000")
        int delayedAtMost) {}
