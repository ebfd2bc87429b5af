package dev.sallyport.api.access;

import dev.sallyport.api.plugin.Doc;

/// Whether a rule that refuses is obeyed.
public enum Enforcement {
    @Doc("What it refuses is refused.")
    ENFORCE,
    @Doc("What it would refuse passes, and is logged and counted.")
    SHADOW
}
