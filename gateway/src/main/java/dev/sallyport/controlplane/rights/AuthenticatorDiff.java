package dev.sallyport.controlplane.rights;

import dev.sallyport.controlplane.compile.Compiled;
import dev.sallyport.controlplane.config.GatewayConfig;
import dev.sallyport.controlplane.config.RouteConfig;
import dev.sallyport.controlplane.config.read.ConfigDump;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Authenticators of the same name that are configured otherwise: whom they let in is known to them alone.
final class AuthenticatorDiff {
    private AuthenticatorDiff() {}

    static List<Change> between(Compiled before, Compiled after) {
        Map<?, ?> old = section(before);
        Map<?, ?> now = section(after);
        Set<String> used = used(before.config());
        used.retainAll(used(after.config()));
        List<Change> changes = new ArrayList<>();
        for (String name : used) {
            Set<String> keys = new TreeSet<>();
            differing("", old.get(name), now.get(name), keys);
            if (!keys.isEmpty()) {
                changes.add(new Change(
                        Change.Effect.UNCLEAR,
                        "",
                        "",
                        "authenticator " + name + " changes: " + String.join(", ", keys)
                                + "; whether it lets in others cannot be told"));
            }
        }
        return changes;
    }

    private static Map<?, ?> section(Compiled compiled) {
        return ConfigDump.tree(compiled.document()).get("authenticators") instanceof Map<?, ?> map ? map : Map.of();
    }

    private static Set<String> used(GatewayConfig config) {
        Set<String> used = new TreeSet<>();
        config.routes().values().forEach(route -> {
            if (route.access() instanceof RouteConfig.Guarded guarded) {
                used.addAll(guarded.names());
            }
        });
        return used;
    }

    private static void differing(String path, @Nullable Object old, @Nullable Object now, Set<String> keys) {
        if (old instanceof Map<?, ?> one && now instanceof Map<?, ?> two) {
            Set<Object> all = new LinkedHashSet<>(one.keySet());
            all.addAll(two.keySet());
            all.forEach(key -> differing(
                    path.isEmpty() ? String.valueOf(key) : path + "." + key, one.get(key), two.get(key), keys));
        } else if (!Objects.equals(old, now)) {
            keys.add(path.isEmpty() ? "all of it" : path);
        }
    }
}
