package dev.sallyport.dataplane.listen;

import dev.sallyport.dataplane.flow.Flows;
import dev.sallyport.dataplane.loop.Worker;
import dev.sallyport.dataplane.loop.Workers;
import dev.sallyport.dataplane.protocol.Drain;
import dev.sallyport.dataplane.protocol.Relief;
import dev.sallyport.dataplane.snapshot.ListenerSettings;
import dev.sallyport.telemetry.MetricSink;
import dev.sallyport.telemetry.MetricSource;
import dev.sallyport.telemetry.Metrics;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.unix.UnixChannelOption;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/// A bound port and its connections. Settings can be replaced while it serves: connections keep what they began
/// with.
///
/// Control threads bind, update and close it; connections live on the loops.
public final class Listener implements MetricSource {
    /// The part of its places that may be taken before it is crowded, and after it was relieved.
    private static final double CROWDED = 0.95;

    private static final double ROOMY = 0.9;

    /// One connection in so many is closed at once where memory is full.
    private static final int PART = 10;

    private final Workers workers;
    private final List<Flows> flows;
    private final List<Channel> sockets = new ArrayList<>();
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final Admittance admittance;
    private final LongAdder shed = new LongAdder();
    private final LongAdder refusedForMemory = new LongAdder();
    private final InetSocketAddress address;
    private volatile ListenerSettings settings;

    private Listener(Workers workers, List<Flows> flows, ListenerSettings settings) throws IOException {
        this.workers = workers;
        this.flows = List.copyOf(flows);
        this.settings = settings;
        this.admittance = new Admittance();
        this.address = bind(settings.bind());
    }

    /// Binds the port and begins to accept.
    ///
    /// @param flows one for each worker, in their order
    /// @throws IOException when the port cannot be bound; the message names it
    public static Listener open(Workers workers, List<Flows> flows, ListenerSettings settings) throws IOException {
        return new Listener(workers, flows, settings);
    }

    private InetSocketAddress bind(InetSocketAddress wanted) throws IOException {
        boolean shared = workers.transport().sharesPorts();
        InetSocketAddress bound = wanted;
        for (int i = 0; i < (shared ? workers.count() : 1); i++) {
            ServerBootstrap bootstrap = new ServerBootstrap()
                    .channel(workers.transport().serverChannel())
                    .option(ChannelOption.SO_BACKLOG, 4096)
                    .option(ChannelOption.SO_REUSEADDR, true)
                    .childOption(ChannelOption.TCP_NODELAY, true)
                    .childOption(ChannelOption.SO_KEEPALIVE, true)
                    .childHandler(new ChannelInitializer<>() {
                        @Override
                        protected void initChannel(Channel channel) {
                            accept(channel);
                        }
                    });
            if (shared) {
                EventLoop loop = workers.all().get(i).loop();
                bootstrap.group(loop, loop).option(UnixChannelOption.SO_REUSEPORT, true);
            } else {
                bootstrap.group(workers.group());
            }
            ChannelFuture binding = bootstrap.bind(bound).awaitUninterruptibly();
            if (!binding.isSuccess()) {
                stopAccepting();
                Throwable cause = binding.cause();
                throw new IOException(
                        "listener " + settings.name() + " cannot bind " + show(wanted) + ": "
                                + (cause == null ? "unknown reason" : cause.getMessage()),
                        cause);
            }
            sockets.add(binding.channel());
            bound = (InetSocketAddress) binding.channel().localAddress();
        }
        return bound;
    }

    private static String show(InetSocketAddress address) {
        return address.getHostString() + ":" + address.getPort();
    }

    private void accept(Channel channel) {
        ListenerSettings current = settings;
        Worker worker = workers.of(channel.eventLoop());
        Flows serving = flows.get(worker.number());
        boolean full = serving.gatewayLoad().refusesConnections();
        if (full) {
            refusedForMemory.increment();
        }
        Admittance.Admitted admitted = full ? null : admittance.admit(channel, current.limits(), current.tls() != null);
        if (admitted == null) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
            channel.close();
            return;
        }
        connections.add(channel);
        ConnectionSetup.begin(channel, current, serving, admitted);
    }

    public ListenerSettings settings() {
        return settings;
    }

    /// Where it listens, with the port that was chosen where 0 was asked for.
    public InetSocketAddress address() {
        return address;
    }

    /// Serves new connections with `next`, whose `bind` must be the same.
    public void update(ListenerSettings next) {
        settings = next;
    }

    /// How many connections are open.
    public int connections() {
        return admittance.connections().taken();
    }

    /// Stops accepting; connections live on.
    public void stopAccepting() {
        for (Channel socket : sockets) {
            socket.close().awaitUninterruptibly();
        }
    }

    /// Whether nearly as many connections are open as may be.
    public boolean crowded() {
        return connections() > settings.limits().connections() * CROWDED;
    }

    /// Closes some connections that have been without a request for so many nanoseconds: as many as make a port that
    /// is crowded less so, else a part of all. From any thread.
    public void relieve(long unusedFor) {
        int open = connections();
        int over = (int) (open - settings.limits().connections() * ROOMY);
        Relief relief = new Relief(unusedFor, Math.max(over, Math.ceilDiv(open, PART)), shed);
        for (Channel connection : connections) {
            connection.eventLoop().execute(() -> connection.pipeline().fireUserEventTriggered(relief));
        }
    }

    /// Asks every connection to end, gently or at once.
    public void drain(Drain how) {
        for (Channel connection : connections) {
            connection.eventLoop().execute(() -> connection.pipeline().fireUserEventTriggered(how));
        }
    }

    @Override
    public void collect(MetricSink sink) {
        String name = settings.name();
        Places connections = admittance.connections();
        Places handshakes = admittance.handshakes();
        sink.value(Metrics.CONNECTIONS, connections.taken(), name);
        sink.value(Metrics.CONNECTIONS_ACCEPTED, (double) admittance.accepted(), name);
        sink.value(Metrics.CONNECTIONS_REFUSED, (double) connections.overTotal(), name, "connections");
        sink.value(Metrics.CONNECTIONS_REFUSED, (double) connections.overNetwork(), name, "connections-per-address");
        sink.value(Metrics.CONNECTIONS_REFUSED, (double) handshakes.overTotal(), name, "handshakes");
        sink.value(Metrics.CONNECTIONS_REFUSED, (double) handshakes.overNetwork(), name, "handshakes-per-address");
        sink.value(Metrics.CONNECTIONS_REFUSED, (double) refusedForMemory.sum(), name, "memory");
        sink.value(Metrics.CONNECTIONS_SHED, shed.sum(), name);
        if (settings.tls() != null) {
            sink.value(Metrics.TLS_HANDSHAKES_OPEN, handshakes.taken(), name);
        }
    }
}
