package dev.sallyport.controlplane.config;

import dev.sallyport.api.access.Authenticator;
import dev.sallyport.api.access.Authorizer;
import dev.sallyport.api.plugin.Default;
import dev.sallyport.api.plugin.Doc;
import dev.sallyport.api.plugin.Matches;
import dev.sallyport.api.plugin.Range;
import dev.sallyport.api.state.SharedState;
import dev.sallyport.controlplane.config.access.GrantConfig;
import dev.sallyport.controlplane.config.access.RoleConfig;
import dev.sallyport.controlplane.config.behaviour.BehaviourConfig;
import dev.sallyport.controlplane.config.limit.LimitConfig;
import dev.sallyport.controlplane.config.limit.LimitHeaders;
import dev.sallyport.controlplane.config.overload.OverloadConfig;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A whole configuration.
@Doc("One file, or all `.yaml` and `.yml` files of a folder, merged by name. A name defined twice is an error.")
public record GatewayConfig(
        @Doc("The version of this language; must be `1`.") @Range(min = "1", max = "1")
        int version,

        @Doc("Ports that clients connect to, by name.")
        @Matches(value = GatewayConfig.NAME, expected = GatewayConfig.NAME_EXPECTED)
        Map<String, ListenerConfig> listeners,

        @Doc("Groups of servers that requests are forwarded to, by name.")
        @Default("{}")
        @Matches(value = GatewayConfig.NAME, expected = GatewayConfig.NAME_EXPECTED)
        Map<String, UpstreamConfig> upstreams,

        @Doc("Ways for callers to prove who they are, by name; `kind` says which.")
        @Default("{}")
        @Matches(value = GatewayConfig.NAME, expected = GatewayConfig.NAME_EXPECTED)
        @Plugged(value = Authenticator.class, kindKey = "kind")
        Map<String, PluginUse> authenticators,

        @Doc("Policy servers that decide whether a caller may, by name; `kind` says which.")
        @Default("{}")
        @Matches(value = GatewayConfig.NAME, expected = GatewayConfig.NAME_EXPECTED)
        @Plugged(value = Authorizer.class, kindKey = "kind")
        Map<String, PluginUse> authorizers,

        @Doc("Credentials that no longer count, though they have not expired.") @Default("{}")
        RevocationConfig revocation,

        @Doc("Roles by name: what callers who have them may do.")
        @Default("{}")
        @Matches(value = GatewayConfig.NAME, expected = GatewayConfig.NAME_EXPECTED)
        Map<String, RoleConfig> roles,

        @Doc("Roles for callers whose credential does not carry them.") @Default("[]")
        List<GrantConfig> grants,

        @Doc("How much callers may, by name. Routes say which of them apply.")
        @Default("{}")
        @Matches(value = GatewayConfig.NAME, expected = GatewayConfig.NAME_EXPECTED)
        Map<String, LimitConfig> limits,

        @Doc("Which fields tell callers how they stand with the limits of a route.") @Default("draft")
        LimitHeaders limitHeaders,

        @Doc("When the gateway itself has too much to do.") @Default("{}")
        OverloadConfig overload,

        @Doc("How the conduct of callers changes what they may. Left out: it is not watched.") @Nullable
        BehaviourConfig behaviour,

        @Doc(
                "Which requests are served and how, by name. The most specific route wins, whatever the order in the file.")
        @Matches(value = GatewayConfig.NAME, expected = GatewayConfig.NAME_EXPECTED)
        Map<String, RouteConfig> routes,

        @Doc("The gateway's own signing keys, for what it asserts to upstreams and for its token service.")
        @Default("{}")
        SigningKeysConfig signingKeys,

        @Doc(
                "Where marks, sessions and revocations are kept that gateways side by side share: `memory`, of this gateway "
                        + "alone, or `redis`. A change needs a restart. Left out: `memory`.")
        @Plugged(SharedState.class)
        @Nullable
        PluginUse state,

        @Doc("Access log, audit log and metrics.") @Default("{}")
        ObserveConfig observe,

        @Doc("The port for operators: status, reload, metrics.") @Default("{}")
        AdminConfig admin) {
    static final String NAME = "[A-Za-z0-9][A-Za-z0-9_-]{0,62}";
    static final String NAME_EXPECTED = "a name of letters, digits, - and _, at most 63";
}
