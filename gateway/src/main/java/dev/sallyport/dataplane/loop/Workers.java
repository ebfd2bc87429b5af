package dev.sallyport.dataplane.loop;

import dev.sallyport.telemetry.MetricSink;
import dev.sallyport.telemetry.MetricSource;
import dev.sallyport.telemetry.Metrics;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// All event loops of the process.
public final class Workers implements MetricSource, AutoCloseable {
    private static final double NANOS = 1e9;

    private final Transport transport;
    private final MultiThreadIoEventLoopGroup group;
    private final List<Worker> workers;

    private Workers(Transport transport, MultiThreadIoEventLoopGroup group, List<Worker> workers) {
        this.transport = transport;
        this.group = group;
        this.workers = List.copyOf(workers);
    }

    /// Starts `count` loops.
    ///
    /// @throws IllegalStateException when `transport` cannot be used on this machine, with the reason
    public static Workers start(Transport transport, int count) {
        Throwable obstacle = transport.unavailability();
        if (obstacle != null) {
            throw new IllegalStateException("transport " + transport + " cannot be used here", obstacle);
        }
        MultiThreadIoEventLoopGroup group =
                new MultiThreadIoEventLoopGroup(count, new DefaultThreadFactory("loop", true), transport.handlers());
        List<Worker> workers = new ArrayList<>();
        for (EventExecutor executor : group) {
            Worker worker = new Worker(workers.size(), (EventLoop) executor);
            worker.start();
            workers.add(worker);
        }
        return new Workers(transport, group, workers);
    }

    public Transport transport() {
        return transport;
    }

    public List<Worker> all() {
        return workers;
    }

    public int count() {
        return workers.size();
    }

    /// The worker of `loop`.
    public Worker of(EventLoop loop) {
        for (int i = 0; i < workers.size(); i++) {
            if (workers.get(i).loop().equals(loop)) {
                return workers.get(i);
            }
        }
        throw new IllegalArgumentException("not one of the gateway's loops: " + loop);
    }

    /// The worker to give the next connection to where the transport does not spread them itself.
    public MultiThreadIoEventLoopGroup group() {
        return group;
    }

    @Override
    public void collect(MetricSink sink) {
        for (Worker worker : workers) {
            String number = Integer.toString(worker.number());
            sink.value(Metrics.LOOP_LAG, worker.deadlines().lagNanos() / NANOS, number);
            sink.value(Metrics.LOOP_LAG_MAX, worker.deadlines().maxLagNanos() / NANOS, number);
            worker.http2().collect(sink);
        }
    }

    /// Stops the loops, within a few seconds.
    @Override
    public void close() {
        group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(3, TimeUnit.SECONDS);
    }
}
