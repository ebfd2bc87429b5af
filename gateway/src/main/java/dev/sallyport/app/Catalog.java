package dev.sallyport.app;

import dev.sallyport.controlplane.config.Plugins;
import dev.sallyport.extension.balance.Ewma;
import dev.sallyport.extension.balance.LeastRequest;
import dev.sallyport.extension.balance.RandomPick;
import dev.sallyport.extension.balance.RingHash;
import dev.sallyport.extension.balance.RoundRobin;
import dev.sallyport.extension.shape.Redirect;
import dev.sallyport.extension.shape.Respond;
import dev.sallyport.extension.shape.Rewrite;
import dev.sallyport.telemetry.EventLog;
import java.util.List;

/// Every built-in extension, one line each.
public final class Catalog {
    private Catalog() {}

    /// All of them.
    ///
    /// @param log where extensions that work between requests say what happens
    public static Plugins plugins(EventLog log) {
        return new Plugins(List.of(
                new RoundRobin.Factory(),
                new LeastRequest.Factory(),
                new Ewma.Factory(),
                new RandomPick.Factory(),
                new RingHash.Factory(),
                new Rewrite.Factory(),
                new Redirect.Factory(),
                new Respond.Factory()));
    }
}
