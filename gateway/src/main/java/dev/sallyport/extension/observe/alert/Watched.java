package dev.sallyport.extension.observe.alert;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One group of a rule that is or was broken, as long as that is remembered. Confined to who evaluates.
final class Watched {
    final AlertRule rule;
    final String group;
    final Instant since;
    Alert.State state = Alert.State.PENDING;
    Reading latest;
    Instant brokenAt;

    @Nullable
    Instant firedAt;

    @Nullable
    Instant resolvedAt;

    @Nullable
    Instant toldAt;

    boolean toldOver;

    Watched(AlertRule rule, Reading reading, Instant now) {
        this.rule = rule;
        this.group = reading.group();
        this.since = now;
        this.latest = reading;
        this.brokenAt = now;
    }

    boolean is(Alert.State other) {
        return state == other;
    }

    Alert alert(@Nullable Instant silencedUntil) {
        return new Alert(
                rule,
                group,
                state,
                since,
                firedAt,
                resolvedAt,
                latest.times(),
                latest.text(),
                latest.request(),
                silencedUntil);
    }
}
