package dev.sallyport.controlplane.compile.behaviour;

import dev.sallyport.api.access.Authenticator;
import dev.sallyport.api.access.Authorizer;
import dev.sallyport.api.access.Strength;
import dev.sallyport.api.behaviour.Signal;
import dev.sallyport.api.exchange.Phase;
import dev.sallyport.api.exchange.Policy;
import dev.sallyport.controlplane.config.access.StrengthConfig;
import dev.sallyport.controlplane.config.behaviour.AccountsConfig;
import dev.sallyport.controlplane.config.behaviour.BehaviourConfig;
import dev.sallyport.controlplane.config.behaviour.HostileConfig;
import dev.sallyport.controlplane.config.behaviour.LevelsConfig;
import dev.sallyport.controlplane.config.behaviour.NetworksConfig;
import dev.sallyport.controlplane.config.behaviour.SiegeConfig;
import dev.sallyport.controlplane.config.behaviour.SuspiciousConfig;
import dev.sallyport.controlplane.config.behaviour.TrustedConfig;
import dev.sallyport.dataplane.behaviour.Conducts;
import dev.sallyport.dataplane.behaviour.Screening;
import dev.sallyport.dataplane.behaviour.Slowing;
import dev.sallyport.dataplane.behaviour.Standing;
import dev.sallyport.dataplane.behaviour.score.Rules;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What is configured of conduct, made ready to run.
///
/// @param rules   what it says
/// @param screen  asked before a route is looked for
/// @param slowing of every route
/// @param judge   asked first of every caller that was proven
public record BuiltBehaviour(Rules rules, Policy screen, List<Policy> slowing, Authorizer judge) {
    /// What `config` says of what `conducts` knows.
    ///
    /// @param authenticators whose credentials are told apart
    public static BuiltBehaviour of(
            BehaviourConfig config, Conducts conducts, Collection<Authenticator> authenticators) {
        Rules rules = rules(config, authenticators);
        List<Policy> slowing = rules.delays()
                ? List.of(new Slowing(conducts, rules, Phase.SCREEN), new Slowing(conducts, rules, Phase.METER))
                : List.of();
        return new BuiltBehaviour(rules, new Screening(conducts, rules), slowing, new Standing(conducts, rules));
    }

    private static Rules rules(BehaviourConfig config, Collection<Authenticator> authenticators) {
        Map<Signal, Rules.Weight> weights = new EnumMap<>(Signal.class);
        config.signals()
                .weights()
                .forEach((signal, one) -> weights.put(
                        signal, new Rules.Weight(one.weight(), one.halfLife().toNanos())));
        NetworksConfig networks = config.networks();
        AccountsConfig accounts = config.accounts();
        SiegeConfig siege = config.siege();
        // what changes with every request tells nobody apart, and of cookies only the gateway's own are looked at
        List<String> fields = authenticators.stream()
                .flatMap(one -> one.credentialFields().stream())
                .filter(field -> !field.equals("dpop") && !field.equals("cookie"))
                .distinct()
                .toList();
        return new Rules(
                weights,
                levels(config.levels()),
                new Rules.Networks(
                        networks.ipv4(),
                        networks.ipv6(),
                        networks.widerIpv4(),
                        networks.widerIpv6(),
                        networks.widerFactor().value()),
                new Rules.Guesses(
                        accounts.above().value(),
                        accounts.delay().toNanos(),
                        accounts.longestDelay().toNanos()),
                new Rules.Siege(
                        siege.share().value(),
                        siege.atLeast().value(),
                        siege.delay().toNanos()),
                new Rules.Capacity(config.delayedAtMost(), fields));
    }

    private static Rules.Levels levels(LevelsConfig levels) {
        SuspiciousConfig suspicious = levels.suspicious();
        HostileConfig hostile = levels.hostile();
        TrustedConfig trusted = levels.trusted();
        return new Rules.Levels(
                new Rules.Terms(
                        suspicious.above().value(),
                        suspicious.limitFactor().thousandths(),
                        suspicious.delay().toNanos(),
                        strength(suspicious.requireStrength())),
                new Rules.Terms(
                        hostile.above().value(),
                        hostile.limitFactor().thousandths(),
                        hostile.delay().toNanos(),
                        strength(hostile.requireStrength())),
                hostile.refuseFor().toNanos(),
                trusted == null
                        ? null
                        : new Rules.Trust(
                                trusted.below().value(),
                                trusted.after().toSeconds(),
                                trusted.limitFactor().thousandths()));
    }

    private static @Nullable Strength strength(@Nullable StrengthConfig config) {
        return config == null ? null : config.strength();
    }
}
