package dev.sallyport.controlplane.compile;

import dev.sallyport.controlplane.config.UpstreamConfig;
import dev.sallyport.dataplane.forward.Upstream;

/// An upstream with what it was made of.
///
/// @param seen a digest of what its configuration refers to: contents of files, addresses of hosts
public record BuiltUpstream(Upstream upstream, UpstreamConfig config, String seen) {}
