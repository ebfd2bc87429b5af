package dev.sallyport.app.cli.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.telemetry.Metrics;
import org.junit.jupiter.api.Test;

class PromQueryTest {
    @Test
    void spellsMetricsAsPrometheusDoes() {
        assertThat(PromQuery.rate(Metrics.REFUSALS, "", "5m", "reason"))
                .isEqualTo("sum by (reason) (rate(sallyport_refusals_total[5m]))");
        assertThat(PromQuery.quantile(0.9, Metrics.SERVER_DURATION, "", "1m", "gateway_route"))
                .isEqualTo("histogram_quantile(0.9, sum by (le, gateway_route) "
                        + "(rate(http_server_request_duration_seconds_bucket[1m])))");
    }

    @Test
    void namesNoLabelThatAMetricLacks() {
        assertThatThrownBy(() -> PromQuery.rate(Metrics.REFUSALS, "", "5m", "upstream"))
                .hasMessageContaining("has no upstream");
    }
}
