package dev.sallyport.dataplane.forward;

import dev.sallyport.api.traffic.Endpoint;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/// An endpoint and what is known of it. Its figures are written by all loops and read by any thread.
public final class EndpointState implements Endpoint {
    private static final int LATENCY_WEIGHT = 8;

    private final String address;
    private final InetSocketAddress socketAddress;
    private final int weight;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicLong latency = new AtomicLong();
    private final LongAdder connectFailures = new LongAdder();

    /// @param address       `host:port` as configured, for people and for `Host`
    /// @param socketAddress resolved
    public EndpointState(String address, InetSocketAddress socketAddress, int weight) {
        this.address = address;
        this.socketAddress = socketAddress;
        this.weight = weight;
    }

    @Override
    public String address() {
        return address;
    }

    public InetSocketAddress socketAddress() {
        return socketAddress;
    }

    @Override
    public int weight() {
        return weight;
    }

    @Override
    public int inFlight() {
        return inFlight.get();
    }

    @Override
    public long latency() {
        return latency.get();
    }

    public long connectFailures() {
        return connectFailures.sum();
    }

    void began() {
        inFlight.incrementAndGet();
    }

    void ended() {
        inFlight.decrementAndGet();
    }

    void connectFailed() {
        connectFailures.increment();
    }

    /// Takes a time to the response head into the average; a lost race between loops loses one sample.
    void responded(long nanos) {
        long old = latency.get();
        latency.lazySet(old == 0 ? nanos : old + (nanos - old) / LATENCY_WEIGHT);
    }
}
