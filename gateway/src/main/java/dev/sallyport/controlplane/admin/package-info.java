/// The admin listener: how people and machines look into a running gateway and tell it to reload. Never reachable
/// through the data plane, always authenticated. Start with `AdminServer`; what it offers is in `AdminEndpoints`.
@NullMarked
package dev.sallyport.controlplane.admin;

import org.jspecify.annotations.NullMarked;
