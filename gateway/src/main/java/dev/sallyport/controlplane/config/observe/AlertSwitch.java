package dev.sallyport.controlplane.config.observe;

import dev.sallyport.api.plugin.Doc;

/// Alerts that need no more words.
public enum AlertSwitch implements AlertSetting {
    @Doc("No alert: switches off the preset rule of that name.")
    OFF
}
