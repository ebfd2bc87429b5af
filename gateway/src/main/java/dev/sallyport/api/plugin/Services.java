package dev.sallyport.api.plugin;

import dev.sallyport.api.state.SharedState;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.Executor;

/// What the process lends its extensions; one for all, as long as the process.
public interface Services {
    SharedState state();

    /// Runs each task on a virtual thread of its own: for files, sockets, everything that waits. Not for long
    /// computations.
    Executor blocking();

    InstantSource clock();

    /// A folder, private to the gateway's user, for what must survive a restart. It may not exist yet.
    Path folder();
}
