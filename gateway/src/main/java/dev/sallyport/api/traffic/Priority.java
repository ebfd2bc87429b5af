package dev.sallyport.api.traffic;

/// How much the requests of a route matter when not all of them can be served; in ascending order.
public enum Priority {
    LOW,
    NORMAL,
    HIGH,
    CRITICAL
}
