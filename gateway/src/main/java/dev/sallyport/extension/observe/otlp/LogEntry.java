package dev.sallyport.extension.observe.otlp;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.Value;
import io.opentelemetry.api.logs.Severity;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.logs.data.Body;
import io.opentelemetry.sdk.logs.data.LogRecordData;
import io.opentelemetry.sdk.resources.Resource;
import org.jspecify.annotations.Nullable;

/// One log record as OpenTelemetry sees it.
///
/// @param eventName what kind of event it tells of, empty for none
/// @param body      the text, or null when the attributes say all
public record LogEntry(
        Resource resource,
        long epochNanos,
        Severity severity,
        String severityText,
        String eventName,
        @Nullable String body,
        Attributes attributes,
        SpanContext span)
        implements LogRecordData {
    @Override
    public Resource getResource() {
        return resource;
    }

    @Override
    public InstrumentationScopeInfo getInstrumentationScopeInfo() {
        return Origin.SCOPE;
    }

    @Override
    public long getTimestampEpochNanos() {
        return epochNanos;
    }

    @Override
    public long getObservedTimestampEpochNanos() {
        return epochNanos;
    }

    @Override
    public SpanContext getSpanContext() {
        return span;
    }

    @Override
    public Severity getSeverity() {
        return severity;
    }

    @Override
    public String getSeverityText() {
        return severityText;
    }

    @Override
    public String getEventName() {
        return eventName;
    }

    /// OpenTelemetry keeps this for older exporters.
    @Override
    @Deprecated
    public Body getBody() {
        return body == null ? Body.empty() : Body.string(body);
    }

    @Override
    public @Nullable Value<?> getBodyValue() {
        return body == null ? null : Value.of(body);
    }

    @Override
    public Attributes getAttributes() {
        return attributes;
    }

    @Override
    public int getTotalAttributeCount() {
        return attributes.size();
    }
}
