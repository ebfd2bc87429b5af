package dev.sallyport.dataplane.flow;

import dev.sallyport.api.exchange.Recorder;
import dev.sallyport.api.http.RequestReader;
import dev.sallyport.dataplane.loop.Worker;
import dev.sallyport.dataplane.snapshot.CurrentSnapshot;

/// Begins exchanges on one worker, and holds what they share there.
public final class Flows {
    private final Worker worker;
    private final CurrentSnapshot snapshot;
    private final Recorder recorder;
    private final RequestReader reader = new RequestReader();

    public Flows(Worker worker, CurrentSnapshot snapshot, Recorder recorder) {
        this.worker = worker;
        this.snapshot = snapshot;
        this.recorder = recorder;
    }

    public Worker worker() {
        return worker;
    }

    public CurrentSnapshot snapshot() {
        return snapshot;
    }

    public Recorder recorder() {
        return recorder;
    }

    /// Scratch for reading one request head.
    public RequestReader reader() {
        return reader;
    }
}
