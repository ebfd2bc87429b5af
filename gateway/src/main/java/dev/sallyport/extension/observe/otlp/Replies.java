package dev.sallyport.extension.observe.otlp;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.telemetry.Printable;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/// Reads what collectors answer. None of it is believed further than to count, to wait and to be shown, cut.
@OffLoop("the thread of an outflow")
final class Replies {
    private static final int MOST_SHOWN = 200;
    private static final String RETRY_INFO = "type.googleapis.com/google.rpc.RetryInfo";

    /// A collector cannot silence the gateway for longer.
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);

    private Replies() {}

    /// Reads an `Export…ServiceResponse`; all three kinds number their fields alike.
    static Reply.Taken taken(byte[] body) {
        try {
            CodedInputStream in = CodedInputStream.newInstance(body);
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                if (tag == tag(1, WireFormat.WIRETYPE_LENGTH_DELIMITED)) {
                    return partial(CodedInputStream.newInstance(in.readByteArray()));
                }
                in.skipField(tag);
            }
        } catch (IOException notUnderstood) {
            // it was taken all the same, says the status
        }
        return new Reply.Taken(0, "");
    }

    private static Reply.Taken partial(CodedInputStream in) throws IOException {
        long rejected = 0;
        String why = "";
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (tag == tag(1, WireFormat.WIRETYPE_VARINT)) {
                rejected = Math.max(0, in.readInt64());
            } else if (tag == tag(2, WireFormat.WIRETYPE_LENGTH_DELIMITED)) {
                why = shown(in.readString());
            } else {
                in.skipField(tag);
            }
        }
        return new Reply.Taken(rejected, why);
    }

    /// How long the collector wants to be left alone, by the details of a gRPC status (`google.rpc.Status`
    /// with `RetryInfo`); null when it does not say.
    static @Nullable Duration retryInfo(byte @Nullable [] status) {
        if (status == null) {
            return null;
        }
        try {
            CodedInputStream in = CodedInputStream.newInstance(status);
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                if (tag == tag(3, WireFormat.WIRETYPE_LENGTH_DELIMITED)) {
                    Duration delay = delay(CodedInputStream.newInstance(in.readByteArray()));
                    if (delay != null) {
                        return delay;
                    }
                } else {
                    in.skipField(tag);
                }
            }
        } catch (IOException notUnderstood) {
            // as if it had not been said
        }
        return null;
    }

    private static @Nullable Duration delay(CodedInputStream any) throws IOException {
        String type = "";
        byte[] value = {};
        for (int tag = any.readTag(); tag != 0; tag = any.readTag()) {
            if (tag == tag(1, WireFormat.WIRETYPE_LENGTH_DELIMITED)) {
                type = any.readString();
            } else if (tag == tag(2, WireFormat.WIRETYPE_LENGTH_DELIMITED)) {
                value = any.readByteArray();
            } else {
                any.skipField(tag);
            }
        }
        if (!type.equals(RETRY_INFO)) {
            return null;
        }
        CodedInputStream info = CodedInputStream.newInstance(value);
        Duration delay = Duration.ZERO;
        for (int tag = info.readTag(); tag != 0; tag = info.readTag()) {
            if (tag == tag(1, WireFormat.WIRETYPE_LENGTH_DELIMITED)) {
                delay = duration(CodedInputStream.newInstance(info.readByteArray()));
            } else {
                info.skipField(tag);
            }
        }
        return delay;
    }

    private static Duration duration(CodedInputStream in) throws IOException {
        long seconds = 0;
        int nanos = 0;
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (tag == tag(1, WireFormat.WIRETYPE_VARINT)) {
                seconds = in.readInt64();
            } else if (tag == tag(2, WireFormat.WIRETYPE_VARINT)) {
                nanos = in.readInt32();
            } else {
                in.skipField(tag);
            }
        }
        boolean tooLong = seconds >= LONGEST_WAIT.toSeconds();
        return bounded(tooLong ? LONGEST_WAIT : Duration.ofSeconds(Math.max(0, seconds), Math.max(0, nanos)));
    }

    /// How long the collector wants to be left alone, by `Retry-After` (RFC 9110, section 10.2.3); null when
    /// it does not say, or nothing that can be understood.
    static @Nullable Duration retryAfter(String value, Instant now) {
        String text = value.strip();
        if (text.isEmpty()) {
            return null;
        }
        if (text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return text.length() > 6 ? LONGEST_WAIT : bounded(Duration.ofSeconds(Long.parseLong(text)));
        }
        try {
            Instant then = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            return bounded(Duration.between(now, then));
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static Duration bounded(Duration wish) {
        if (wish.isNegative()) {
            return Duration.ZERO;
        }
        return wish.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wish;
    }

    /// What may be shown of a text that a collector sent.
    static String shown(String text) {
        return Printable.of(text.length() <= MOST_SHOWN ? text : text.substring(0, MOST_SHOWN) + "…");
    }

    private static int tag(int field, int type) {
        return field << 3 | type;
    }
}
