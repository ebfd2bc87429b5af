package dev.sallyport.extension.observe.alert;

/// What a rule is watched for one by one.
public enum Grouping {
    GATEWAY,
    ROUTE,
    UPSTREAM,
    LISTENER,
    CLIENT_NETWORK,
    PRINCIPAL
}
