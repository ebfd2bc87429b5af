package dev.sallyport.app.cli.key;

import dev.sallyport.api.exchange.AddressRange;
import dev.sallyport.controlplane.admin.Json;
import dev.sallyport.extension.authn.apikey.key.KeyRecord;
import dev.sallyport.extension.authn.apikey.key.KeyRing;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// How commands tell of keys: to people, or as JSON.
final class KeyReport {
    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // set by picocli before anything runs
    private CommandSpec spec;

    /// Tells of a key just made: the key alone on standard output, the rest on standard error.
    void issued(KeyRing.Issued issued) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(fields(issued.stored()).put("key", issued.key()));
            return;
        }
        out.println(issued.key());
        out.flush();
        PrintWriter err = spec.commandLine().getErr();
        err.println("This is the key, and the only time it is shown. " + line(issued.stored()));
        if (issued.stored().term().replaces() != null) {
            err.println("It replaces " + issued.stored().term().replaces() + ", which is good until the overlap ends.");
        }
    }

    void revoked(KeyRecord key) {
        spec.commandLine().getOut().println(json ? fields(key).toString() : "Revoked. " + line(key));
    }

    void listed(List<KeyRecord> keys) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(
                    new Json().put("keys", keys.stream().map(KeyReport::fields).toList()));
            return;
        }
        String form = "%-12s  %-8s  %-20s  %-12s  %-20s  %s%n";
        out.printf(form, "ID", "STATE", "OWNER", "TENANT", "GOOD UNTIL", "ROLES");
        for (KeyRecord key : keys) {
            out.printf(
                    form,
                    key.id(),
                    state(key),
                    key.holder().id(),
                    text(key.holder().tenant()),
                    text(key.term().end()),
                    String.join(",", key.holder().roles()));
        }
    }

    void init(boolean made, String place) {
        spec.commandLine()
                .getOut()
                .println(
                        json
                                ? new Json()
                                        .put("made", made)
                                        .put("place", place)
                                        .toString()
                                : place + (made ? " is ready for keys." : " was ready for keys before."));
    }

    private static String line(KeyRecord key) {
        Instant end = key.term().end();
        return "Id " + key.id() + ", owner " + key.holder().id() + ", "
                + (end == null ? "without end." : "good until " + end + ".");
    }

    private static String state(KeyRecord key) {
        return key.state(Instant.now()).name().toLowerCase(Locale.ROOT);
    }

    private static String text(@Nullable Object value) {
        return value == null ? "-" : value.toString();
    }

    private static @Nullable String orNull(@Nullable Object value) {
        return value == null ? null : value.toString();
    }

    private static Json fields(KeyRecord key) {
        KeyRecord.Term term = key.term();
        return new Json()
                .put("id", key.id())
                .put("state", state(key))
                .put("owner", key.holder().id())
                .put("tenant", key.holder().tenant())
                .put("roles", key.holder().roles())
                .put("claims", key.holder().claims().all())
                .put("created", term.created().toString())
                .put("expires", orNull(term.expires()))
                .put(
                        "addresses",
                        term.addresses().stream().map(AddressRange::toString).toList())
                .put("replaces", term.replaces())
                .put("overlap-until", orNull(term.overlapUntil()));
    }
}
