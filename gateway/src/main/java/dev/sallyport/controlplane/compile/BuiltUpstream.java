package dev.sallyport.controlplane.compile;

import dev.sallyport.api.exchange.UpstreamPolicies;
import dev.sallyport.controlplane.config.UpstreamConfig;
import dev.sallyport.dataplane.forward.Upstream;
import java.util.List;

/// An upstream with what it was made of.
///
/// @param policies what it adds to every route that goes there
/// @param seen     a digest of what its configuration refers to: contents of files, addresses of hosts
public record BuiltUpstream(Upstream upstream, UpstreamConfig config, List<UpstreamPolicies> policies, String seen) {}
