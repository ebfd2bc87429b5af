package dev.sallyport.dataplane.http1;

import dev.sallyport.api.http.Headers;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/// Takes a message body out of the octets of a connection: of known length, chunked, or until the connection
/// closes. Pieces share memory with the buffer they come from. Reusable, one per connection and direction.
public final class BodyReader {
    private static final int MAX_SIZE_DIGITS = 16;
    private static final int MAX_EXTENSIONS = 16 * 1024;
    private static final int MAX_TRAILER = 8 * 1024;
    private static final int MAX_TRAILER_FIELDS = 64;

    private enum State {
        /// Counted octets, of the body or of one chunk.
        DATA,
        UNTIL_CLOSE,
        SIZE,
        EXTENSION,
        QUOTED,
        SIZE_LF,
        DATA_CR,
        DATA_LF,
        TRAILER,
        DONE,
        MALFORMED
    }

    private State state = State.DONE;
    private boolean chunked;
    private long remaining;
    private int digits;
    private int extensions;
    private @Nullable FieldSection trailerSection;
    private Headers trailers = Headers.EMPTY;

    /// Begins a body of `length` octets, [ResponseParser#CHUNKED] or [ResponseParser#UNTIL_CLOSE].
    public void begin(long length) {
        trailers = Headers.EMPTY;
        extensions = 0;
        chunked = length == ResponseParser.CHUNKED;
        if (chunked) {
            beginChunk();
        } else if (length == ResponseParser.UNTIL_CLOSE) {
            state = State.UNTIL_CLOSE;
        } else {
            remaining = length;
            state = length == 0 ? State.DONE : State.DATA;
        }
    }

    private void beginChunk() {
        state = State.SIZE;
        remaining = 0;
        digits = 0;
    }

    /// Whether the body is complete.
    public boolean done() {
        return state == State.DONE;
    }

    /// Whether the body broke its framing; nothing after that can be understood.
    public boolean malformed() {
        return state == State.MALFORMED;
    }

    /// Whether the body ends with its connection.
    public boolean endsWithConnection() {
        return state == State.UNTIL_CLOSE;
    }

    /// Octets still to come of a body of known length; −1 when that is not known.
    public long remaining() {
        return state == State.DONE ? 0 : chunked || state == State.UNTIL_CLOSE ? -1 : remaining;
    }

    /// The trailer fields, once [#done()].
    public Headers trailers() {
        return trailers;
    }

    /// The next piece of body in `in`, which the caller owns, or null when there is none for now.
    public @Nullable ByteBuf next(ByteBuf in) {
        while (true) {
            switch (state) {
                case DATA -> {
                    int available = in.readableBytes();
                    if (available == 0) {
                        return null;
                    }
                    int length = (int) Math.min(remaining, available);
                    remaining -= length;
                    if (remaining == 0) {
                        state = chunked ? State.DATA_CR : State.DONE;
                    }
                    return in.readRetainedSlice(length);
                }
                case UNTIL_CLOSE -> {
                    return in.isReadable() ? in.readRetainedSlice(in.readableBytes()) : null;
                }
                case TRAILER -> {
                    readTrailer(in);
                    return null;
                }
                case DONE, MALFORMED -> {
                    return null;
                }
                default -> {
                    if (!in.isReadable()) {
                        return null;
                    }
                    onChunkOctet(in.readByte());
                }
            }
        }
    }

    private void onChunkOctet(byte c) {
        switch (state) {
            case SIZE -> onSizeOctet(c);
            case EXTENSION -> {
                if (c == '\r') {
                    state = State.SIZE_LF;
                } else if (c == '"') {
                    state = countExtension(State.QUOTED);
                } else {
                    state = c == '\t' || (c >= ' ' && c != 0x7f) ? countExtension(State.EXTENSION) : State.MALFORMED;
                }
            }
            case QUOTED -> {
                // a quoted string holds no CR or LF, escaped or not (threat SM-17)
                if (c == '"') {
                    state = countExtension(State.EXTENSION);
                } else {
                    state = c == '\t' || (c >= ' ' && c != 0x7f) ? countExtension(State.QUOTED) : State.MALFORMED;
                }
            }
            case SIZE_LF -> {
                if (c != '\n') {
                    state = State.MALFORMED;
                } else {
                    state = remaining == 0 ? State.TRAILER : State.DATA;
                }
            }
            case DATA_CR -> state = c == '\r' ? State.DATA_LF : State.MALFORMED;
            case DATA_LF -> {
                if (c == '\n') {
                    beginChunk();
                } else {
                    state = State.MALFORMED;
                }
            }
            default -> throw new IllegalStateException("no chunk grammar in " + state);
        }
    }

    private void onSizeOctet(byte c) {
        int digit = hex(c);
        if (digit >= 0) {
            remaining = (remaining << 4) | digit;
            if (++digits > MAX_SIZE_DIGITS || remaining < 0) {
                state = State.MALFORMED;
            }
        } else if (digits == 0) {
            state = State.MALFORMED;
        } else if (c == '\r') {
            state = State.SIZE_LF;
        } else {
            state = c == ';' ? countExtension(State.EXTENSION) : State.MALFORMED;
        }
    }

    private State countExtension(State next) {
        return ++extensions > MAX_EXTENSIONS ? State.MALFORMED : next;
    }

    private static int hex(byte c) {
        if (c >= '0' && c <= '9') {
            return c - '0';
        }
        int lower = c | 0x20;
        return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
    }

    private void readTrailer(ByteBuf in) {
        int available = Math.min(in.readableBytes(), MAX_TRAILER + 1);
        byte[] b = new byte[available];
        in.getBytes(in.readerIndex(), b);
        if (trailerSection == null) {
            trailerSection = new FieldSection();
        }
        int end = trailerSection.parse(b, 0, available, MAX_TRAILER_FIELDS);
        if (end >= 0) {
            trailers = trailerSection.take(b);
            in.skipBytes(end);
            state = State.DONE;
        } else if (end != FieldSection.INCOMPLETE || available > MAX_TRAILER) {
            state = State.MALFORMED;
        }
    }
}
