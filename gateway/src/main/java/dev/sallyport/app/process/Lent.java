package dev.sallyport.app.process;

import dev.sallyport.api.plugin.Services;
import dev.sallyport.api.state.SharedState;
import dev.sallyport.extension.state.MemoryState;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What a gateway lends its extensions.
public record Lent(SharedState state, Executor blocking, InstantSource clock, Path folder) implements Services {
    /// `state`, the system's clock, and the folder of this user: `SALLYPORT_DATA_DIR`, or `sallyport` in
    /// `XDG_STATE_HOME` or in `~/.local/state`. Nothing is created yet.
    public static Lent with(SharedState state, Function<String, @Nullable String> environment) {
        return new Lent(state, Thread::startVirtualThread, InstantSource.system(), folder(environment));
    }

    /// The same with state in memory.
    public static Lent inMemory(Function<String, @Nullable String> environment) {
        return with(new MemoryState(InstantSource.system()), environment);
    }

    private static Path folder(Function<String, @Nullable String> environment) {
        String set = environment.apply("SALLYPORT_DATA_DIR");
        if (set != null && !set.isEmpty()) {
            return Path.of(set);
        }
        String home = environment.apply("XDG_STATE_HOME");
        return home != null && !home.isEmpty()
                ? Path.of(home, "sallyport")
                : Path.of(System.getProperty("user.home"), ".local", "state", "sallyport");
    }
}
