package dev.sallyport.app.alert;

import dev.sallyport.controlplane.config.read.Scalars;
import dev.sallyport.extension.observe.alert.Alert;
import dev.sallyport.extension.observe.alert.AlertRule;
import dev.sallyport.extension.observe.alert.AlertSignal;
import dev.sallyport.extension.observe.alert.Alerts;
import dev.sallyport.extension.observe.alert.Threshold;
import dev.sallyport.telemetry.Printable;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;

/// Alerts as text for people.
final class AlertText {
    private static final double PERCENT = 100;

    private AlertText() {}

    static String of(Alerts alerts) {
        StringBuilder text = new StringBuilder();
        List<Alert> all = alerts.all();
        if (all.isEmpty()) {
            text.append("nothing is the matter\n");
        }
        for (Alert alert : all) {
            text.append(String.format(
                    Locale.ROOT,
                    "%-8s  %-8s  %s  %s  since %s",
                    alert.state().word(),
                    alert.rule().severity().word(),
                    alert.rule().name(),
                    Printable.of(alert.sentence()),
                    alert.since().truncatedTo(ChronoUnit.SECONDS)));
            if (!alert.request().isEmpty()) {
                text.append("  request ").append(alert.request());
            }
            if (alert.silencedUntil() != null) {
                text.append("  silenced until ").append(alert.silencedUntil().truncatedTo(ChronoUnit.SECONDS));
            }
            text.append('\n');
        }
        text.append("\nrules:\n");
        for (AlertRule rule : alerts.rules()) {
            text.append("  ").append(rule.name()).append("  ").append(rule(rule));
            if (rule.preset()) {
                text.append("  (preset)");
            }
            text.append('\n');
        }
        alerts.silences()
                .forEach((name, until) -> text.append("silenced: ")
                        .append(Printable.of(name))
                        .append(" until ")
                        .append(until.truncatedTo(ChronoUnit.SECONDS))
                        .append('\n'));
        return text.toString();
    }

    /// `errors above 5% for 2m by route`.
    static String rule(AlertRule rule) {
        StringBuilder text = new StringBuilder();
        if (rule.threshold() instanceof Threshold.Longer && rule.signal() == AlertSignal.LATENCY) {
            text.append("p").append(number(rule.quantile() * PERCENT)).append(' ');
        }
        text.append(word(rule.signal().name())).append(' ').append(threshold(rule.threshold()));
        if (!rule.hold().isZero()) {
            text.append(" for ").append(Scalars.text(rule.hold()));
        }
        return text.append(" by ").append(by(rule)).toString();
    }

    private static String by(AlertRule rule) {
        return switch (rule.by()) {
            case CLIENT_NETWORK -> "client.network";
            case PRINCIPAL -> "principal.id";
            case GATEWAY, ROUTE, UPSTREAM, LISTENER -> word(rule.by().name());
        };
    }

    private static String threshold(Threshold threshold) {
        return switch (threshold) {
            case Threshold.Longer longer -> "above " + Scalars.text(longer.than());
            case Threshold.Share share -> "above " + number(share.above() * PERCENT) + "%";
            case Threshold.Rate rate -> "above " + rate.count() + "/" + unit(rate.per());
            case Threshold.Usual usual -> "above " + number(usual.times()) + "x-baseline";
            case Threshold.Unlike _ -> "that is unlike the past";
            case Threshold.Burning burning ->
                "burning an objective of " + number(burning.objective() * PERCENT) + "% more than "
                        + number(burning.factor()) + " times too fast in " + Scalars.text(burning.fast()) + " and "
                        + Scalars.text(burning.slow());
        };
    }

    private static String unit(Duration per) {
        return per.toSeconds() == 1 ? "s" : per.toMinutes() == 1 ? "min" : "h";
    }

    private static String number(double value) {
        String text = String.format(Locale.ROOT, "%.4f", value);
        return text.replaceAll("0+$", "").replaceAll("\\.$", "");
    }

    private static String word(String name) {
        return name.toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
