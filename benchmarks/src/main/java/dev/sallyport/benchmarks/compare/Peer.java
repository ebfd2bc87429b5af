package dev.sallyport.benchmarks.compare;

import java.util.List;
import java.util.Map;

/// One gateway to compare: how it is started, and which of the ports it serves.
///
/// @param name what tables call it
/// @param serves the stages it takes part in
/// @param warmUpSeconds load before anything counts: compilers need it, C programs do not
/// @param command program and arguments
/// @param environment variables set for it
record Peer(String name, List<Stage> serves, int warmUpSeconds, List<String> command, Map<String, String> environment) {

    boolean takesPartIn(Stage stage) {
        return serves.contains(stage);
    }
}
