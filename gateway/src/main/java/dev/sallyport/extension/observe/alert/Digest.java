package dev.sallyport.extension.observe.alert;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Makes notifications of alerts: those of a rule together, at most one every half minute, each alert once and, as
/// long as it fires, again every four hours. Confined to who evaluates.
final class Digest {
    private static final Duration AT_MOST_EVERY = Duration.ofSeconds(30);
    private static final Duration AGAIN_AFTER = Duration.ofHours(4);

    private final Consumer<Notification> delivery;
    private final Map<String, Instant> told = new HashMap<>();

    Digest(Consumer<Notification> delivery) {
        this.delivery = delivery;
    }

    void tell(Collection<Watched> all, Silences silences, Instant now) {
        Map<String, List<Watched>> firing = new LinkedHashMap<>();
        Map<String, List<Watched>> over = new LinkedHashMap<>();
        for (Watched one : all) {
            if (one.is(Alert.State.FIRING) && due(one.toldAt, now) && !silenced(one, silences)) {
                firing.computeIfAbsent(one.rule.name(), _ -> new ArrayList<>()).add(one);
            } else if (one.is(Alert.State.RESOLVED) && one.toldAt != null && !one.toldOver) {
                over.computeIfAbsent(one.rule.name(), _ -> new ArrayList<>()).add(one);
            }
        }
        firing.forEach((rule, some) -> {
            Instant last = told.get(rule);
            if (last == null || !now.isBefore(last.plus(AT_MOST_EVERY))) {
                told.put(rule, now);
                some.forEach(one -> one.toldAt = now);
                send(Notification.Status.FIRING, some, now);
            }
        });
        over.forEach((_, some) -> {
            some.forEach(one -> one.toldOver = true);
            send(Notification.Status.RESOLVED, some, now);
        });
    }

    private static boolean due(@Nullable Instant toldAt, Instant now) {
        return toldAt == null || !now.isBefore(toldAt.plus(AGAIN_AFTER));
    }

    private static boolean silenced(Watched one, Silences silences) {
        return silences.until(one.rule.name(), one.group) != null;
    }

    private void send(Notification.Status status, List<Watched> some, Instant now) {
        AlertRule rule = some.getFirst().rule;
        delivery.accept(new Notification(
                UUID.randomUUID().toString(),
                status,
                rule.name(),
                rule.severity(),
                some.stream().map(one -> one.alert(null)).toList(),
                now,
                false));
    }
}
