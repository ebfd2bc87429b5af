package dev.sallyport.dataplane.http2;

/// What one end of a connection allows the other; times in nanoseconds, sizes in octets.
///
/// @param server     whether this end is the server
/// @param maxStreams streams at once that the peer may open
/// @param maxHead    a field section, decoded, 32 more for each field (threat DO-09)
/// @param maxFields  fields in a section
/// @param headTimeout from the start of the connection to its settings, and of a frame or field block to its end
/// @param idleTimeout without streams, and without octets taken while some wait
public record SessionSettings(
        boolean server, int maxStreams, int maxHead, int maxFields, long headTimeout, long idleTimeout) {
    /// What a stream may send before it was taken.
    public static final int STREAM_WINDOW = 256 * 1024;

    /// What all streams of a connection together may send before it was taken.
    public static final int CONNECTION_WINDOW = 1024 * 1024;
}
