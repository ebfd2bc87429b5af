package dev.sallyport.dataplane.flow;

import dev.sallyport.api.exchange.ClientConnection;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.TraceContext;
import dev.sallyport.api.http.CanonicalRequest;
import dev.sallyport.api.http.FieldName;
import dev.sallyport.api.http.Headers;
import dev.sallyport.dataplane.snapshot.GatewaySnapshot.Sampling;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// Where an exchange comes from: the client behind trusted proxies, its trace, its id. What an untrusted peer says
/// of these is not looked at (threats HD-03, HD-13, HD-14).
final class Origins {
    private static final int MAX_HOPS = 16;

    private Origins() {}

    static Exchange.Origin of(
            CanonicalRequest request, ClientConnection connection, SplittableRandom random, Sampling sampling) {
        InetAddress client = connection.peer().getAddress();
        TraceContext trace = null;
        if (connection.trusts(client)) {
            client = clientBehind(request.headers(), connection, client);
            trace = TraceContext.stated(request.headers(), nonZero(random));
        }
        if (trace == null) {
            long low = random.nextLong();
            trace = new TraceContext(nonZero(random), low, nonZero(random), 0, sampling.samples(low));
        }
        return new Exchange.Origin(
                client, trace, random.nextLong(), random.nextLong(), System.nanoTime(), System.currentTimeMillis());
    }

    private static long nonZero(SplittableRandom random) {
        long value = random.nextLong();
        return value == 0 ? 1 : value;
    }

    /// Walks `X-Forwarded-For` from the right as long as trusted proxies speak; the first address that is not
    /// one is the
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
}
