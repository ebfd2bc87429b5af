package dev.sallyport.benchmarks.compare;

/// One measured burst against one peer.
///
/// @param load what the generator counted
/// @param processSeconds CPU time of the peer's process tree
/// @param machineSeconds busy time of all cores
/// @param foreignSeconds busy time of neither peer, upstream nor generator
/// @param stolenSeconds time the host took away
record Round(Load load, double processSeconds, double machineSeconds, double foreignSeconds, double stolenSeconds) {
    static final double NOISY = 0.06;

    /// CPU seconds of the peer for a million requests or handshakes.
    double processPerMillion() {
        return processSeconds / load.done() * 1e6;
    }

    /// CPU seconds of the whole machine for a million, without those of others.
    double machinePerMillion() {
        return (machineSeconds - foreignSeconds) / load.done() * 1e6;
    }

    /// The part of two cores that others took.
    double noise() {
        return (foreignSeconds + stolenSeconds) / (load.seconds() * Machine.cores());
    }

    boolean noisy() {
        return noise() > NOISY;
    }
}
