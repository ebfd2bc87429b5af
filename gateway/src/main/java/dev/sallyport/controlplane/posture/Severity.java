package dev.sallyport.controlplane.posture;

/// How much a finding matters, the least first.
public enum Severity {
    /// To be known, not to be mended.
    INFO,
    /// Better otherwise.
    LOW,
    /// A weakness that an attacker could build on.
    MEDIUM,
    /// Open to attack as it is.
    HIGH
}
