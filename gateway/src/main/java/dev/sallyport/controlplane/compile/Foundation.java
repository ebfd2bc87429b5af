package dev.sallyport.controlplane.compile;

import dev.sallyport.api.exchange.Policy;
import dev.sallyport.api.expression.Expressions;
import dev.sallyport.api.limit.Counters;
import dev.sallyport.api.plugin.Services;
import dev.sallyport.dataplane.behaviour.Conducts;
import dev.sallyport.dataplane.forward.UpstreamConnector;

/// What compiled configurations stand on: process-wide things that outlive them.
///
/// @param workers     how many event loops there are
/// @param services    lent to plugins
/// @param expressions compiles conditions
/// @param counters    what limits count with
/// @param recorded    asked first on routes that must not be used unrecorded
/// @param captured    asked on routes whose bodies are logged, before anything may read them
/// @param conducts    what is known of callers' conduct
public record Foundation(
        UpstreamConnector connector,
        int workers,
        HostResolver resolver,
        Services services,
        Expressions expressions,
        Counters counters,
        Policy recorded,
        Policy captured,
        Conducts conducts) {
    /// One that knows of nobody's conduct and captures no bodies.
    public Foundation(
            UpstreamConnector connector,
            int workers,
            HostResolver resolver,
            Services services,
            Expressions expressions,
            Counters counters,
            Policy recorded) {
        this(connector, workers, resolver, services, expressions, counters, recorded, recorded, Conducts.blank());
    }
}
