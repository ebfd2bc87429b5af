package dev.sallyport.extension.observe.alert;

import dev.sallyport.extension.observe.signals.Figure;
import dev.sallyport.extension.observe.signals.Scope;
import dev.sallyport.extension.observe.signals.Window;

/// What the process has least left of.
///
/// @param share 0 to 1
record Fullness(double share, String text) {
    private static final double THOUSAND = 1e3;

    static Fullness of(Window window) {
        long heapLimit = window.get(Figure.HEAP_LIMIT);
        long filesLimit = window.get(Figure.FILES_LIMIT);
        double heap = heapLimit == 0 ? 0 : (double) window.get(Figure.HEAP_KEPT) / heapLimit;
        double files = filesLimit == 0 ? 0 : (double) window.get(Figure.FILES_OPEN) / filesLimit;
        return files > heap
                ? new Fullness(
                        files, window.get(Figure.FILES_OPEN) + " of " + filesLimit + " file descriptors are open")
                : new Fullness(
                        heap,
                        (window.get(Figure.HEAP_KEPT) >> 20) + " of " + (heapLimit >> 20)
                                + " MiB of memory are in use after collecting garbage");
    }

    /// The disk that the access log goes to.
    static Fullness ofLogDisk(Window window) {
        return new Fullness(
                window.get(Figure.LOG_DISK_THOUSANDTHS) / THOUSAND, "the disk of the access log is filling");
    }

    Reading reading(Scope scope, double allowed) {
        return new Reading(
                scope.toString(),
                share / allowed,
                text + ": " + Words.percent(share) + " (allowed: " + Words.percent(allowed) + ")",
                "");
    }
}
