package dev.sallyport.dataplane.http2;

import io.netty.buffer.ByteBuf;

/// Hears frames whose shape is right; whether they fit the state of connection and stream is for the listener to
/// judge.
interface FrameListener {
    /// A piece of a DATA frame's payload; a frame may come in several.
    ///
    /// @param data    owned by the listener from here on
    /// @param padding octets of padding that came with it
    /// @param last    whether the stream ends with it
    void onData(int stream, ByteBuf data, int padding, boolean last);

    /// A whole field block; `block` is valid during the call only.
    void onFieldBlock(int stream, byte[] block, int from, int to, boolean last);

    void onReset(int stream, int code);

    void onSetting(int id, long value);

    /// All settings of a frame were told.
    void onSettingsEnd();

    void onSettingsAck();

    void onPing(long opaque, boolean ack);

    void onGoAway(int lastStream, int code);

    /// More may be sent.
    ///
    /// @param stream 0 for the connection's window
    void onWindowUpdate(int stream, int increment);

    void onStreamError(int stream, ErrorCode code);

    /// Nothing more is read.
    void onConnectionError(ErrorCode code);
}
