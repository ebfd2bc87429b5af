package dev.sallyport.app.alert;

import dev.sallyport.extension.observe.alert.AlertRule;
import dev.sallyport.extension.observe.alert.AlertSignal;
import dev.sallyport.extension.observe.alert.Grouping;
import dev.sallyport.extension.observe.alert.Severity;
import dev.sallyport.extension.observe.alert.Threshold;
import java.time.Duration;

/// The rule of alerts that only try the way.
final class TestRule {
    static final String TEXT = "this is a test: nothing is the matter, and notifications arrive";
    static final AlertRule RULE = new AlertRule(
            "test",
            AlertSignal.TRAFFIC,
            0,
            new Threshold.Rate(1, Duration.ofSeconds(1)),
            Duration.ofSeconds(1),
            Duration.ZERO,
            Grouping.GATEWAY,
            Severity.INFO,
            0,
            Duration.ZERO,
            true);

    private TestRule() {}
}
