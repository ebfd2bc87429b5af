package dev.sallyport.extension.observe.audit;

import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.identity.Principal;
import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.extension.observe.redact.ReceivedText;
import dev.sallyport.telemetry.AuditEntry;
import dev.sallyport.telemetry.LogField;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Keeps a flood of refusals from filling the disk and from hiding others. Refusals are alike when they have the same
/// reason and the same caller, or the same network where nobody was proven; of those that are alike, the first ones
/// of every ten seconds are written one by one, the others are counted and written as one entry. Confined to one
/// thread.
@OffLoop("the thread of the audit log")
final class Flood {
    static final long SPAN_NANOS = TimeUnit.SECONDS.toNanos(10);

    /// Written one by one of refusals that are alike.
    static final int EACH = 20;

    /// Written one by one of all refusals, before only the first of those that are alike is.
    static final int ALL = 1000;

    /// Kinds of refusals that are told apart; what is of none of them is counted in one entry for all.
    static final int KINDS = 500;

    private static final int IPV4_OCTETS = 4;
    private static final int NETWORK_OCTETS = 8;

    private final Map<Alike, Sum> sums = new LinkedHashMap<>();
    private final Sum rest = new Sum(new Alike("", "", ""));
    private long began;
    private int written;
    private long counted;

    /// What is the same in all of them.
    ///
    /// @param who           the caller's id, or the client's network
    /// @param authenticator that proved the caller, empty for a network
    private record Alike(String who, String authenticator, String reason) {}

    /// Refusals that are alike.
    private static final class Sum {
        private final Alike alike;
        private long seen;
        private long more;
        private long first;
        private long last;

        Sum(Alike alike) {
            this.alike = alike;
        }

        void count(long epochMillis) {
            first = more == 0 ? epochMillis : Math.min(first, epochMillis);
            last = more == 0 ? epochMillis : Math.max(last, epochMillis);
            more++;
        }
    }

    /// Whether the refusal of `exchange` is to be written by itself; otherwise it is counted now.
    boolean letsThrough(Exchange exchange, long now) {
        if (sums.isEmpty()) {
            began = now;
        }
        Alike alike = alike(exchange);
        Sum sum = sums.get(alike);
        if (sum == null && sums.size() < KINDS) {
            sum = new Sum(alike);
            sums.put(alike, sum);
        }
        if (sum == null) {
            sum = rest;
        } else {
            sum.seen++;
            if (sum.seen == 1 || (sum.seen <= EACH && written < ALL)) {
                written++;
                return true;
            }
        }
        counted++;
        sum.count(exchange.startedAtEpochMillis());
        return false;
    }

    /// How many refusals were counted and not written by themselves.
    long counted() {
        return counted;
    }

    /// Tells of what was counted, when it is time to.
    void tellWhenDue(long now, Consumer<Note> entries) {
        if (now - began >= SPAN_NANOS) {
            tell(entries);
        }
    }

    /// Tells of what was counted, and begins anew.
    void tell(Consumer<Note> entries) {
        for (Sum sum : sums.values()) {
            tell(sum, entries);
        }
        tell(rest, entries);
        rest.more = 0;
        sums.clear();
        written = 0;
    }

    private static void tell(Sum sum, Consumer<Note> entries) {
        if (sum.more == 0) {
            return;
        }
        List<Object> pairs = new ArrayList<>(List.of(
                "entries", sum.more, "first", AuditEncoder.time(sum.first), "last", AuditEncoder.time(sum.last)));
        Alike alike = sum.alike;
        add(pairs, LogField.REASON.otel(), alike.reason);
        add(pairs, alike.authenticator.isEmpty() ? "client.network" : LogField.PRINCIPAL.otel(), alike.who);
        add(pairs, LogField.AUTHENTICATOR.otel(), alike.authenticator);
        entries.accept(new Note(AuditEntry.REPEATED.code(), System.currentTimeMillis(), pairs.toArray()));
    }

    private static void add(List<Object> pairs, String name, String value) {
        if (!value.isEmpty()) {
            pairs.addAll(List.of(name, value));
        }
    }

    private static Alike alike(Exchange exchange) {
        String reason = AuditEncoder.reason(exchange);
        Principal caller = exchange.principal();
        return caller == null
                ? new Alike(network(exchange.clientAddress()), "", reason == null ? "" : reason)
                : new Alike(ReceivedText.cut(caller.id()), caller.authenticator(), reason == null ? "" : reason);
    }

    /// An IPv4 address, or the network of 64 bits that whoever has an IPv6 address usually has all of.
    private static String network(InetAddress address) {
        byte[] octets = address.getAddress();
        if (octets.length == IPV4_OCTETS) {
            return address.getHostAddress();
        }
        Arrays.fill(octets, NETWORK_OCTETS, octets.length, (byte) 0);
        try {
            return InetAddress.getByAddress(octets).getHostAddress() + "/64";
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of " + octets.length + " octets", e);
        }
    }
}
