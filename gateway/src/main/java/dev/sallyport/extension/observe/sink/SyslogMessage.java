package dev.sallyport.extension.observe.sink;

import dev.sallyport.telemetry.JsonLine;
import java.nio.charset.StandardCharsets;

/// The head of a syslog message (RFC 5424 §6.2) for a line of the access log. Confined to one thread.
final class SyslogMessage {
    private static final int ERROR = 3;
    private static final int WARNING = 4;
    private static final int INFORMATIONAL = 6;

    private final int facility;
    private final byte[] rest;
    private final JsonLine head = new JsonLine(256);

    SyslogMessage(SyslogSink.Speaker speaker) {
        facility = speaker.facility();
        rest = (" " + speaker.hostName() + " " + speaker.appName() + " " + speaker.processId() + " access - ")
                .getBytes(StandardCharsets.US_ASCII);
    }

    /// Makes the head for the line of `in` from `from` to `end`, which begins with its time and its severity;
    /// returns how
    /// long it is.
    int head(byte[] in, int from, int end) {
        int timeFrom = quote(in, quote(in, quote(in, from, end), end), end);
        int timeTo = quote(in, timeFrom, end) - 1;
        int severityFrom = quote(in, quote(in, quote(in, timeTo + 1, end), end), end);
        head.truncate(0);
        head.raw('<');
        head.number(facility * 8L + severity(in, severityFrom, end));
        head.raw('>');
        head.raw('1');
        head.raw(' ');
        if (timeTo > timeFrom) {
            head.octets(in, timeFrom, timeTo);
        } else {
            head.raw('-');
        }
        head.raw(rest);
        return head.length();
    }

    /// What [#head] made, shared.
    byte[] bytes() {
        return head.bytes();
    }

    /// The place after the next quote from `from` on.
    private static int quote(byte[] in, int from, int end) {
        int at = from;
        while (at < end && in[at] != '"') {
            at++;
        }
        return Math.min(at + 1, end);
    }

    private static int severity(byte[] in, int at, int end) {
        return at >= end ? INFORMATIONAL : in[at] == 'E' ? ERROR : in[at] == 'W' ? WARNING : INFORMATIONAL;
    }
}
