package dev.sallyport.extension.observe.source;

import dev.sallyport.api.exchange.ClientConnection;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Recorder;
import dev.sallyport.api.http.RequestFault;
import dev.sallyport.api.identity.Principal;
import java.util.concurrent.atomic.AtomicReferenceArray;

/// Takes note, on event loops, of who is refused: by network, and by caller where one was proven. What is served costs
/// a
/// glance.
public final class SourceCounts implements Recorder {
    private static final String BASIC = "Basic ";
    private static final int LONGEST_ACCOUNT = 128;

    private final AtomicReferenceArray<SourceTable> writing;
    /// Those a loop may still be writing for a moment.
    private final SourceTable[] resting;
    private final SourceTable[] read;

    /// @param loops how many event loops there are
    public SourceCounts(int loops) {
        writing = new AtomicReferenceArray<>(loops);
        resting = new SourceTable[loops];
        read = new SourceTable[loops];
        for (int i = 0; i < loops; i++) {
            writing.set(i, new SourceTable());
            resting[i] = new SourceTable();
            read[i] = new SourceTable();
        }
    }

    @Override
    public void record(Exchange exchange) {
        Conduct conduct = Conduct.of(exchange);
        if (conduct == null) {
            return;
        }
        SourceTable table = writing.getAcquire(exchange.loop());
        SourceCount network = table.find(SourceKey.network(exchange.clientAddress()), null);
        if (network != null) {
            add(network, conduct, exchange);
        }
        Principal principal = exchange.principal();
        if (principal != null) {
            SourceCount caller = table.find(0, principal);
            if (caller != null) {
                add(caller, conduct, exchange);
            }
        }
    }

    private static void add(SourceCount count, Conduct conduct, Exchange exchange) {
        count.add(conduct, exchange.requestIdHigh(), exchange.requestIdLow());
        if (conduct == Conduct.UNAUTHENTICATED) {
            String credential = exchange.request().headers().first("Authorization");
            if (credential != null) {
                count.accounts |= SourceCount.bit(account(credential));
            }
        } else if (conduct == Conduct.NOT_FOUND) {
            count.paths |= SourceCount.bit(exchange.request().path().hashCode());
        }
    }

    /// A hash of whose account a credential is for: of the user's name where there is one, else of the credential.
    /// It tells accounts apart and leads back to none.
    static int account(String credential) {
        if (!credential.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
            return credential.hashCode();
        }
        int hash = 1;
        int bits = 0;
        int held = 0;
        int end = Math.min(credential.length(), BASIC.length() + LONGEST_ACCOUNT);
        for (int i = BASIC.length(); i < end; i++) {
            int value = sextet(credential.charAt(i));
            if (value < 0) {
                break;
            }
            bits = bits << 6 | value;
            held += 6;
            if (held >= 8) {
                held -= 8;
                int octet = bits >>> held & 0xff;
                if (octet == ':') {
                    break;
                }
                hash = hash * 31 + octet;
            }
        }
        return hash;
    }

    private static int sextet(char c) {
        if (c >= 'A' && c <= 'Z') {
            return c - 'A';
        }
        if (c >= 'a' && c <= 'z') {
            return c - 'a' + 26;
        }
        if (c >= '0' && c <= '9') {
            return c - '0' + 52;
        }
        return c == '+' ? 62 : c == '/' ? 63 : -1;
    }

    /// Has each loop write another table, and returns those that no loop writes any more: what was counted until the
    /// call before this one. By one thread; valid until the next call.
    SourceTable[] exchangeTables() {
        for (int i = 0; i < read.length; i++) {
            SourceTable free = read[i];
            free.clear();
            read[i] = resting[i];
            resting[i] = writing.getAndSet(i, free);
        }
        return read;
    }

    @Override
    public void recordFault(ClientConnection connection, RequestFault fault) {}

    @Override
    public void recordBug(Exchange exchange, Throwable bug) {}
}
