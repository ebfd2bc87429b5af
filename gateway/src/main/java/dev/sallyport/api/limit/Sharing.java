package dev.sallyport.api.limit;

import dev.sallyport.api.plugin.Doc;

/// How gateways side by side count together.
public enum Sharing {
    @Doc("Each gateway counts alone.")
    NONE,
    @Doc(
            "Each gateway takes up to a hundredth of `burst`, or of a quota, ahead for keys that ask much: few requests wait for the store, "
                    + "and at most that much for each gateway is allowed beyond the limit.")
    LEASED,
    @Doc("The store is asked before each request: never more than the limit, whichever gateways are asked.")
    STRICT
}
