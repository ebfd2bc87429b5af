package dev.sallyport.api.limit;

import dev.sallyport.api.plugin.Doc;

/// What becomes of a limit that gateways share while its store cannot be asked.
public enum WhenDown {
    @Doc("Each gateway allows the limit divided by the number of gateways.")
    LOCAL_SHARE,
    @Doc("Nothing is limited.")
    OPEN,
    @Doc("Whatever the limit counts is refused (503).")
    CLOSED
}
