package dev.sallyport.dataplane.flow;

import dev.sallyport.api.exchange.ClientConnection;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.TraceContext;
import dev.sallyport.api.http.CanonicalRequest;
import dev.sallyport.api.http.FieldName;
import dev.sallyport.api.http.Headers;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// Where an exchange comes from: the client behind trusted proxies, its trace, its id. What an untrusted peer says
/// of these is not looked at (threats HD-03, HD-13, HD-14).
final class Origins {
    private static final int MAX_HOPS = 16;
    private static final int TRACEPARENT_LENGTH = 55;

    private Origins() {}

    static Exchange.Origin of(CanonicalRequest request, ClientConnection connection, SplittableRandom random) {
        InetAddress client = connection.peer().getAddress();
        TraceContext trace = null;
        if (connection.trusts(client)) {
            client = clientBehind(request.headers(), connection, client);
            trace = continued(request.headers(), random);
        }
        if (trace == null) {
            trace = new TraceContext(nonZero(random), random.nextLong(), nonZero(random), 0, false);
        }
        return new Exchange.Origin(
                client, trace, random.nextLong(), random.nextLong(), System.nanoTime(), System.currentTimeMillis());
    }

    private static long nonZero(SplittableRandom random) {
        long value = random.nextLong();
        return value == 0 ? 1 : value;
    }

    /// Walks `X-Forwarded-For` from the right as long as trusted proxies speak; the first address that is not one
    /// is the
    /// client. Anything that is no address ends the walk at the last that was.
    private static InetAddress clientBehind(Headers headers, ClientConnection connection, InetAddress peer) {
        InetAddress client = peer;
        int hops = 0;
        int line = lastIndexOf(headers, headers.count());
        while (line >= 0 && hops < MAX_HOPS) {
            String[] entries = headers.value(line).split(",", -1);
            for (int i = entries.length - 1; i >= 0 && hops < MAX_HOPS; i--, hops++) {
                InetAddress entry = address(entries[i].strip());
                if (entry == null) {
                    return client;
                }
                client = entry;
                if (!connection.trusts(entry)) {
                    return client;
                }
            }
            line = lastIndexOf(headers, line);
        }
        return client;
    }

    private static int lastIndexOf(Headers headers, int before) {
        for (int i = before - 1; i >= 0; i--) {
            if (headers.field(i) == FieldName.X_FORWARDED_FOR) {
                return i;
            }
        }
        return -1;
    }

    /// An IP address, with or without a port; null for anything else. Never looks up a name.
    private static @Nullable InetAddress address(String text) {
        String host = text;
        if (host.startsWith("[")) {
            int close = host.indexOf(']');
            if (close < 0) {
                return null;
            }
            host = host.substring(1, close);
        } else if (host.indexOf(':') == host.lastIndexOf(':') && host.indexOf(':') > 0) {
            host = host.substring(0, host.indexOf(':'));
        }
        byte[] octets = NetUtil.createByteArrayFromIpAddressString(host);
        if (octets == null || host.indexOf('%') >= 0) {
            return null;
        }
        try {
            return InetAddress.getByAddress(octets);
        } catch (UnknownHostException e) {
            return null;
        }
    }

    /// The trace a trusted peer is in (W3C Trace Context, version 00), or null when it states none that is valid.
    private static @Nullable TraceContext continued(Headers headers, SplittableRandom random) {
        int index = headers.indexOf(FieldName.TRACEPARENT);
        if (index < 0) {
            return null;
        }
        byte[] b = headers.bytes();
        int at = headers.valueStart(index);
        if (headers.valueEnd(index) - at != TRACEPARENT_LENGTH
                || b[at] != '0'
                || b[at + 1] != '0'
                || b[at + 2] != '-'
                || b[at + 35] != '-'
                || b[at + 52] != '-') {
            return null;
        }
        for (int i = 3; i < TRACEPARENT_LENGTH; i++) {
            if (i != 35 && i != 52 && digit(b[at + i]) < 0) {
                return null;
            }
        }
        long high = hex(b, at + 3, 16);
        long low = hex(b, at + 19, 16);
        long parent = hex(b, at + 36, 16);
        if ((high | low) == 0 || parent == 0) {
            return null;
        }
        return new TraceContext(high, low, nonZero(random), parent, (hex(b, at + 53, 2) & 1) != 0);
    }

    private static int digit(byte c) {
        return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
    }

    private static long hex(byte[] b, int from, int digits) {
        long value = 0;
        for (int i = from; i < from + digits; i++) {
            value = (value << 4) | digit(b[i]);
        }
        return value;
    }
}
