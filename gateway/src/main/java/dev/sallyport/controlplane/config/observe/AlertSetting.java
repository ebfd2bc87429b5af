package dev.sallyport.controlplane.config.observe;

/// What becomes of an alert that is named: a rule, or nothing.
public sealed interface AlertSetting permits AlertSwitch, AlertConfig {}
