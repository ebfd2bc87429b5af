/// The configuration as users write it: records that mirror the YAML, and problems with it. What a key means, its
/// default and its form are said here and nowhere else; reference and JSON Schema are generated from these
/// records. Nothing here reads files or knows the data plane. Start with `GatewayConfig`.
@NullMarked
package dev.sallyport.controlplane.config;

import org.jspecify.annotations.NullMarked;
