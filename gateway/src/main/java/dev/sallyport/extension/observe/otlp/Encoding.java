package dev.sallyport.extension.observe.otlp;

import dev.sallyport.api.plugin.OffLoop;
import io.opentelemetry.api.metrics.MeterProvider;
import io.opentelemetry.common.ComponentLoader;
import io.opentelemetry.exporter.otlp.http.logs.OtlpHttpLogRecordExporter;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.common.export.HttpResponse;
import io.opentelemetry.sdk.common.export.HttpSender;
import io.opentelemetry.sdk.common.export.HttpSenderProvider;
import io.opentelemetry.sdk.common.export.MessageWriter;
import io.opentelemetry.sdk.logs.data.LogRecordData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Makes OTLP messages of OpenTelemetry's data; confined to one thread.
///
/// OpenTelemetry's exporters do it, with a sender that keeps what it is given: their encoders are not for others to
/// call,
/// while senders may be.
@OffLoop("the thread of an outflow")
final class Encoding<T> {
    private static final String NOWHERE = "http://127.0.0.1";

    private final Kept kept;
    private final Function<Collection<T>, CompletableResultCode> exporter;

    private Encoding(Kept kept, Function<Collection<T>, CompletableResultCode> exporter) {
        this.kept = kept;
        this.exporter = exporter;
    }

    static Encoding<SpanData> spans() {
        Kept kept = new Kept();
        return new Encoding<>(
                kept,
                OtlpHttpSpanExporter.builder()
                        .setEndpoint(NOWHERE)
                        .setComponentLoader(new Only(kept))
                        .setMeterProvider(MeterProvider.noop())
                        .build()::export);
    }

    static Encoding<LogRecordData> logs() {
        Kept kept = new Kept();
        return new Encoding<>(
                kept,
                OtlpHttpLogRecordExporter.builder()
                        .setEndpoint(NOWHERE)
                        .setComponentLoader(new Only(kept))
                        .setMeterProvider(MeterProvider.noop())
                        .build()::export);
    }

    static Encoding<MetricData> metrics() {
        Kept kept = new Kept();
        return new Encoding<>(
                kept,
                OtlpHttpMetricExporter.builder()
                        .setEndpoint(NOWHERE)
                        .setComponentLoader(new Only(kept))
                        .setMeterProvider(MeterProvider.noop())
                        .build()::export);
    }

    /// The message that says all of `items`.
    ///
    /// @throws IllegalStateException they cannot be encoded
    byte[] encode(Collection<T> items) {
        kept.message = null;
        CompletableResultCode result = exporter.apply(items);
        byte[] message = kept.message;
        if (message == null) {
            throw new IllegalStateException("not encoded", result.getFailureThrowable());
        }
        return message;
    }

    /// Keeps the message instead of sending it, and says that all went well.
    private static final class Kept implements HttpSender {
        private byte @Nullable [] message;

        @Override
        public void send(MessageWriter writer, Consumer<HttpResponse> onResponse, Consumer<Throwable> onError) {
            ByteArrayOutputStream out = new ByteArrayOutputStream(Math.max(32, writer.getContentLength()));
            try {
                writer.writeMessage(out);
            } catch (IOException e) {
                onError.accept(e);
                return;
            }
            message = out.toByteArray();
            onResponse.accept(new Fine());
        }

        @Override
        public CompletableResultCode shutdown() {
            return CompletableResultCode.ofSuccess();
        }
    }

    private static final class Fine implements HttpResponse {
        @Override
        public int getStatusCode() {
            return 200;
        }

        @Override
        public String getStatusMessage() {
            return "OK";
        }

        @Override
        public byte[] getResponseBody() {
            return new byte[0];
        }
    }

    /// Offers the one sender, and nothing of what the class path has.
    private record Only(HttpSender sender) implements ComponentLoader {
        @Override
        public <S> Iterable<S> load(Class<S> type) {
            HttpSenderProvider provider = ignored -> sender;
            return type.isInstance(provider) ? List.of(type.cast(provider)) : List.of();
        }
    }
}
