package dev.sallyport.dataplane.loop;

import dev.sallyport.dataplane.http1.Http1Codec;
import dev.sallyport.dataplane.message.OutgoingHead;
import io.netty.channel.EventLoop;
import java.security.SecureRandom;
import java.util.SplittableRandom;
import java.util.concurrent.Executor;

/// One event loop and what is kept per loop. Except where said, to be used on that loop only.
public final class Worker implements Executor {
    private static final SecureRandom SEEDS = new SecureRandom();

    private final int number;
    private final EventLoop loop;
    private final Deadlines deadlines;
    private final OutgoingHead scratch = new OutgoingHead();
    private final Http1Codec http1 = new Http1Codec();
    private final Http2Counters http2;
    private final SplittableRandom random = new SplittableRandom(SEEDS.nextLong());

    /// @param number 0 to the count of workers − 1
    public Worker(int number, EventLoop loop) {
        this.number = number;
        this.loop = loop;
        this.deadlines = new Deadlines();
        this.http2 = new Http2Counters(number);
    }

    /// Begins to keep time; from any thread, once.
    public void start() {
        deadlines.start(loop);
    }

    public int number() {
        return number;
    }

    public EventLoop loop() {
        return loop;
    }

    /// Runs `task` on this loop; from any thread.
    @Override
    public void execute(Runnable task) {
        loop.execute(task);
    }

    public Deadlines deadlines() {
        return deadlines;
    }

    /// Scratch for composing one head; valid until the caller returns to the loop.
    public OutgoingHead scratch() {
        return scratch;
    }

    /// The HTTP/1.1 codec of this loop's connections.
    public Http1Codec http1() {
        return http1;
    }

    /// What this loop's HTTP/2 connections count.
    public Http2Counters http2() {
        return http2;
    }

    /// A source of identifiers that need to be unique, not secret.
    public SplittableRandom random() {
        return random;
    }
}
