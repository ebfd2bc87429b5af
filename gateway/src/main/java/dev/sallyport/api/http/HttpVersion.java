package dev.sallyport.api.http;

/// The protocol version of a message, with its OpenTelemetry `network.protocol.version`.
public enum HttpVersion {
    HTTP_1_0("1.0"),
    HTTP_1_1("1.1"),
    HTTP_2("2");

    private final String label;

    HttpVersion(String label) {
        this.label = label;
    }

    public String label() {
        return label;
    }
}
