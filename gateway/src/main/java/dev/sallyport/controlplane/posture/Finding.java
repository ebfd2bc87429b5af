package dev.sallyport.controlplane.posture;

import dev.sallyport.controlplane.config.Mark;

/// Something found.
///
/// @param at   where it stands
/// @param path of the key
/// @param what is the case, with the value
public record Finding(Rule rule, Mark at, String path, String what) {
    public Severity severity() {
        return rule.severity();
    }
}
