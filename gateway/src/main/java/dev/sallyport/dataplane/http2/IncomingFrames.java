package dev.sallyport.dataplane.http2;

import io.netty.buffer.ByteBuf;

/// What the frames that come in do to the connection.
final class IncomingFrames implements FrameListener {
    private final Http2Session session;

    IncomingFrames(Http2Session session) {
        this.session = session;
    }

    @Override
    public void onData(int id, ByteBuf data, int padding, boolean last) {
        int size = data.readableBytes() + padding;
        session.receiveWindow -= size;
        if (session.receiveWindow < 0) {
            data.release();
            session.fail(ErrorCode.FLOW_CONTROL_ERROR);
            return;
        }
        Http2Stream stream = session.streams.get(id);
        if (stream == null) {
            data.release();
            session.consumed(size);
            if (session.isIdle(id)) {
                session.fail(ErrorCode.PROTOCOL_ERROR);
            } else if (!session.wasReset(id)) {
                session.resetByFault(id, null, ErrorCode.STREAM_CLOSED);
            }
            return;
        }
        if (size > 0) {
            session.guard.useful();
        }
        ErrorCode error = stream.receive(data, padding, last);
        if (error != null) {
            session.resetByFault(id, stream, error);
        }
    }

    @Override
    public void onFieldBlock(int id, byte[] block, int from, int to, boolean last) {
        session.guard.useful();
        session.section.begin();
        if (!session.decoder.decode(block, from, to, session.section)) {
            session.fail(ErrorCode.COMPRESSION_ERROR);
            return;
        }
        session.onSection(id, session.streams.get(id), session.section, last);
    }

    @Override
    public void onReset(int id, int code) {
        Http2Stream stream = session.streams.get(id);
        if (stream == null) {
            if (session.isIdle(id)) {
                session.fail(ErrorCode.PROTOCOL_ERROR);
            }
            return;
        }
        session.counters.resetReceived(session.settings.server());
        session.forget(stream);
        stream.onReset(code, true);
        if (!session.guard.reset()) {
            session.fail(ErrorCode.ENHANCE_YOUR_CALM);
        }
    }

    @Override
    public void onSetting(int id, long value) {
        switch (id) {
            case Frames.HEADER_TABLE_SIZE -> session.encoder.capacity(value);
            case Frames.ENABLE_PUSH -> {
                if (value > (session.settings.server() ? 1 : 0)) {
                    session.fail(ErrorCode.PROTOCOL_ERROR);
                }
            }
            case Frames.MAX_CONCURRENT_STREAMS -> {
                session.toldStreams = (int) Math.min(Integer.MAX_VALUE, value);
                session.peerMaxStreams = session.toldStreams;
            }
            case Frames.INITIAL_WINDOW_SIZE -> onInitialWindow(value);
            case Frames.MAX_FRAME_SIZE -> {
                if (value < Frames.MAX_PAYLOAD || value > 0xffffff) {
                    session.fail(ErrorCode.PROTOCOL_ERROR);
                }
            }
            // MAX_HEADER_LIST_SIZE is advice; to follow it would let a client have work done and the answer
            // thrown away (threat DO-06)
            default -> {}
        }
    }

    private void onInitialWindow(long value) {
        if (value > Integer.MAX_VALUE) {
            session.fail(ErrorCode.FLOW_CONTROL_ERROR);
            return;
        }
        long by = value - session.peerInitialWindow;
        session.peerInitialWindow = (int) value;
        for (Http2Stream stream : session.openNow()) {
            if (!stream.widen(by)) {
                session.fail(ErrorCode.FLOW_CONTROL_ERROR);
                return;
            }
        }
        for (Http2Stream stream : session.openNow()) {
            if (stream.hasWaiting()) {
                session.pump(stream);
            }
        }
    }

    @Override
    public void onSettingsEnd() {
        if (!session.ended) {
            if (!session.settingsSeen) {
                session.settingsSeen = true;
                session.peerMaxStreams = session.toldStreams;
            }
            session.writer.settingsAck();
            session.onPeerSettings();
        }
    }

    @Override
    public void onSettingsAck() {
        session.settingsAcked = true;
    }

    @Override
    public void onPing(long opaque, boolean ack) {
        if (!ack) {
            session.writer.ping(opaque, true);
        } else if (session.draining && opaque == Http2Session.DRAIN_PING) {
            session.drainOn();
        }
    }

    @Override
    public void onGoAway(int lastStream, int code) {
        session.onGoAway(lastStream);
    }

    @Override
    public void onWindowUpdate(int id, int increment) {
        if (id == 0) {
            session.sendWindow += increment;
            if (session.sendWindow > Integer.MAX_VALUE) {
                session.fail(ErrorCode.FLOW_CONTROL_ERROR);
            } else {
                session.pump();
            }
            return;
        }
        Http2Stream stream = session.streams.get(id);
        if (stream == null) {
            if (session.isIdle(id)) {
                session.fail(ErrorCode.PROTOCOL_ERROR);
            }
        } else if (!stream.widen(increment)) {
            session.resetByFault(id, stream, ErrorCode.FLOW_CONTROL_ERROR);
        } else if (stream.hasWaiting()) {
            session.pump(stream);
        }
    }

    @Override
    public void onStreamError(int id, ErrorCode code) {
        if (session.isIdle(id)) {
            session.fail(ErrorCode.PROTOCOL_ERROR);
        } else {
            session.resetByFault(id, session.streams.get(id), code);
        }
    }

    @Override
    public void onConnectionError(ErrorCode code) {
        session.fail(code);
    }
}
