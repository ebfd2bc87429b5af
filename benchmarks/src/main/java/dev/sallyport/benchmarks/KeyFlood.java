package dev.sallyport.benchmarks;

import dev.sallyport.api.limit.Census;
import dev.sallyport.api.limit.Charge;
import dev.sallyport.api.limit.Layer;
import dev.sallyport.api.limit.Measure;
import dev.sallyport.extension.limit.MemoryCounters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.SplittableRandom;

/// Ten million keys in one limit, as an attacker may bring: what memory they need, what each costs, and whether an
/// offender is still known after them. Run with `java -cp … dev.sallyport.benchmarks.KeyFlood`.
public final class KeyFlood {
    private static final int KEYS = 10_000_000;

    private KeyFlood() {}

    public static void main(String[] arguments) throws IOException {
        MemoryCounters counters =
                new MemoryCounters(System::nanoTime, InstantSource.system(), Thread::startVirtualThread);
        Layer layer = counters.layer(new Measure.Rate(1, 3_600_000_000_000L, 2), null);
        System.gc();
        long before = residentKib();
        System.out.println("offender: " + taken(counters, layer, 4711, 4711) + taken(counters, layer, 4711, 4711)
                + taken(counters, layer, 4711, 4711));
        SplittableRandom random = new SplittableRandom(1);
        long begun = System.nanoTime();
        for (int i = 0; i < KEYS; i++) {
            taken(counters, layer, random.nextLong(), random.nextLong());
        }
        long nanos = System.nanoTime() - begun;
        System.gc();
        Census census = counters.census(layer);
        System.out.println(
                "keys: " + census.keys() + " of " + census.room() + ", without room: " + census.overflowed());
        System.out.println("memory: " + (residentKib() - before) / 1024 + " MiB more than before");
        System.out.println("time: " + nanos / KEYS + " ns per new key");
        System.out.println("offender: " + taken(counters, layer, 4711, 4711));
    }

    private static Charge.State taken(MemoryCounters counters, Layer layer, long high, long low) {
        Charge charge = new Charge(1);
        charge.add(layer, high, low, 1, false);
        counters.take(charge, 0);
        return charge.state(0);
    }

    private static long residentKib() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("[^0-9]", ""));
            }
        }
        return 0;
    }
}
