package dev.sallyport.testing.otlp;

import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/// An OpenTelemetry collector on the loopback, over HTTP or gRPC: keeps what it takes, and answers as it is told to.
public final class FakeCollector implements AutoCloseable {
    private final AtomicInteger calls = new AtomicInteger();
    private final List<Map<String, String>> fields = new CopyOnWriteArrayList<>();
    private final List<byte[]> messages = new CopyOnWriteArrayList<>();
    private final List<ExportTraceServiceRequest> traces = new CopyOnWriteArrayList<>();
    private final List<ExportLogsServiceRequest> logs = new CopyOnWriteArrayList<>();
    private final List<ExportMetricsServiceRequest> metrics = new CopyOnWriteArrayList<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile IntFunction<Answer> behaviour = _ -> Answer.TAKEN;
    private final Server server;

    /// What listens.
    interface Server extends AutoCloseable {
        int port();

        @Override
        void close();
    }

    /// What is answered.
    ///
    /// @param retryAfter in seconds, negative for nothing said
    public record Answer(Kind kind, int retryAfter, long rejected, String message) {
        /// All was taken.
        public static final Answer TAKEN = new Answer(Kind.TAKEN, -1, 0, "");
        /// 503 or `UNAVAILABLE`.
        public static final Answer BUSY = new Answer(Kind.BUSY, -1, 0, "");
        /// 400 or `INVALID_ARGUMENT`.
        public static final Answer BAD = new Answer(Kind.BAD, -1, 0, "no");
        /// None at all.
        public static final Answer SILENCE = new Answer(Kind.SILENCE, -1, 0, "");

        /// 429 or `RESOURCE_EXHAUSTED`, and when to come again.
        public static Answer later(int seconds) {
            return new Answer(Kind.LATER, seconds, 0, "");
        }

        /// Taken but for some.
        public static Answer partly(long rejected, String why) {
            return new Answer(Kind.TAKEN, -1, rejected, why);
        }
    }

    /// Of answers.
    public enum Kind {
        TAKEN,
        BUSY,
        LATER,
        BAD,
        SILENCE
    }

    private FakeCollector(boolean grpc, @Nullable SSLContext tls, int port) {
        server = grpc ? new GrpcCollector(this, tls, port) : new HttpCollector(this, tls, port);
    }

    public static FakeCollector http() {
        return new FakeCollector(false, null, 0);
    }

    public static FakeCollector grpc() {
        return new FakeCollector(true, null, 0);
    }

    /// One that shows a certificate.
    public static FakeCollector secure(boolean grpc, SSLContext tls) {
        return new FakeCollector(grpc, tls, 0);
    }

    /// One where another was before.
    public static FakeCollector at(boolean grpc, int port) {
        return new FakeCollector(grpc, null, port);
    }

    /// Answers like this from now on, by the number of the call, which counts from 0.
    public void answer(IntFunction<Answer> next) {
        behaviour = next;
    }

    Answer received(String path, Map<String, String> head, byte[] message) throws InvalidProtocolBufferException {
        Answer answer = behaviour.apply(calls.getAndIncrement());
        fields.add(head);
        messages.add(message);
        if (answer.kind() == Kind.SILENCE) {
            try {
                closing.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        } else if (answer.kind() == Kind.TAKEN) {
            if (path.contains("trace")) {
                traces.add(ExportTraceServiceRequest.parseFrom(message));
            } else if (path.contains("logs")) {
                logs.add(ExportLogsServiceRequest.parseFrom(message));
            } else {
                metrics.add(ExportMetricsServiceRequest.parseFrom(message));
            }
        }
        return answer;
    }

    public int port() {
        return server.port();
    }

    public String url() {
        return "http://127.0.0.1:" + port();
    }

    /// How often it was called, whatever came of it.
    public int calls() {
        return calls.get();
    }

    /// What came with each call, names in small letters.
    public List<Map<String, String>> fields() {
        return fields;
    }

    /// What was sent, taken or not.
    public List<byte[]> messages() {
        return messages;
    }

    /// All spans that were taken, in order.
    public List<Span> spans() {
        return traces.stream()
                .flatMap(request -> request.getResourceSpansList().stream())
                .flatMap(of -> of.getScopeSpansList().stream())
                .flatMap(of -> of.getSpansList().stream())
                .toList();
    }

    /// All log records that were taken, in order.
    public List<LogRecord> logs() {
        return logs.stream()
                .flatMap(request -> request.getResourceLogsList().stream())
                .flatMap(of -> of.getScopeLogsList().stream())
                .flatMap(of -> of.getLogRecordsList().stream())
                .toList();
    }

    /// How many reports of metrics were taken.
    public int reports() {
        return metrics.size();
    }

    /// The metrics that were last taken.
    public List<Metric> metrics() {
        return metrics.isEmpty()
                ? List.of()
                : metrics.getLast().getResourceMetricsList().stream()
                        .flatMap(of -> of.getScopeMetricsList().stream())
                        .flatMap(of -> of.getMetricsList().stream())
                        .toList();
    }

    /// Who told of spans, by their resource.
    public Map<String, String> resource() {
        Resource resource = traces.isEmpty()
                ? (logs.isEmpty()
                        ? metrics.getLast().getResourceMetrics(0).getResource()
                        : logs.getLast().getResourceLogs(0).getResource())
                : traces.getLast().getResourceSpans(0).getResource();
        return attributes(resource.getAttributesList());
    }

    /// Attributes as text.
    public static Map<String, String> attributes(List<KeyValue> of) {
        Map<String, String> all = new TreeMap<>();
        of.forEach(entry -> all.put(entry.getKey(), text(entry.getValue())));
        return all;
    }

    private static String text(AnyValue value) {
        return switch (value.getValueCase()) {
            case STRING_VALUE -> value.getStringValue();
            case INT_VALUE -> Long.toString(value.getIntValue());
            case BOOL_VALUE -> Boolean.toString(value.getBoolValue());
            case DOUBLE_VALUE -> Double.toString(value.getDoubleValue());
            case ARRAY_VALUE ->
                value.getArrayValue().getValuesList().stream()
                        .map(FakeCollector::text)
                        .toList()
                        .toString();
            default -> value.toString();
        };
    }

    @Override
    public void close() {
        closing.countDown();
        server.close();
    }
}
