package dev.sallyport.app.log;

import dev.sallyport.app.otlp.Telling;
import dev.sallyport.controlplane.config.observe.AccessLogConfig;
import dev.sallyport.controlplane.config.observe.LogPlace;
import dev.sallyport.extension.observe.notify.Trust;
import dev.sallyport.extension.observe.otlp.Origin;
import dev.sallyport.extension.observe.otlp.Outflow;
import dev.sallyport.extension.observe.sink.LogFile;
import dev.sallyport.extension.observe.sink.LogSink;
import dev.sallyport.extension.observe.sink.OtlpSink;
import dev.sallyport.extension.observe.sink.SyslogConnection;
import dev.sallyport.extension.observe.sink.SyslogSink;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/// Opens the places that an access log goes to.
public final class LogSinks {
    /// What all that is told to collectors of OpenTelemetry has in common.
    ///
    /// @param instance unlike that of any other gateway
    public record Collectors(Outflow.Common common, String version, String instance) {}

    private LogSinks() {}

    /// All that `plan` names, by what metrics and events call them: `stdout`, `file`, `syslog` or `otlp`,
    /// the second of a kind `file-2`.
    ///
    /// @param collectors what is told to collectors of OpenTelemetry, and by whom
    /// @throws IOException one of them cannot be used; none is open then, and the message says which
    public static Map<String, LogSink> open(LogPlan plan, OutputStream standardOut, Collectors collectors)
            throws IOException {
        Map<String, LogSink> open = new LinkedHashMap<>();
        try {
            for (AccessLogConfig.LogTarget target : plan.config().to()) {
                switch (target) {
                    case AccessLogConfig.LogStream stream -> {
                        if (stream == AccessLogConfig.LogStream.STDOUT) {
                            open.put("stdout", LogSink.to(standardOut));
                        }
                    }
                    case LogPlace place -> add(place, plan.resource(), collectors, open);
                }
            }
        } catch (IOException e) {
            open.values().forEach(LogSinks::closeQuietly);
            throw e;
        }
        return open;
    }

    private static void add(
            LogPlace place, Map<String, String> resource, Collectors collectors, Map<String, LogSink> open)
            throws IOException {
        String kind = place.file() != null ? "file" : place.syslog() != null ? "syslog" : "otlp";
        String name = kind;
        for (int number = 2; open.containsKey(name); number++) {
            name = kind + "-" + number;
        }
        open.put(name, sink(place, resource, collectors));
    }

    private static LogSink sink(LogPlace place, Map<String, String> resource, Collectors collectors)
            throws IOException {
        if (place.file() != null) {
            return new LogFile(place.file(), place.rotateAt(), place.kept(), place.compress() != null);
        }
        if (place.otlp() != null) {
            Outflow.Room room = Outflow.Room.USUAL;
            return new OtlpSink(
                    Outflow.ofLogs(Telling.collector(place.otlp()), room, collectors.common()),
                    room.queue(),
                    Origin.resource(collectors.version(), collectors.instance(), resource));
        }
        URI uri = URI.create(Objects.requireNonNull(place.syslog()));
        SyslogConnection connection = new SyslogConnection(
                SyslogConnection.Way.valueOf(uri.getScheme().toUpperCase(Locale.ROOT)),
                uri.getHost(),
                uri.getPort(),
                Trust.of(place.trust(), Instant.now()));
        String appName = place.appName() == null ? "sallyport" : place.appName();
        return new SyslogSink(
                connection, SyslogSink.Speaker.here(place.filedUnder().code(), appName));
    }

    /// Closes what nothing was written to.
    public static void closeQuietly(LogSink sink) {
        try {
            sink.close();
        } catch (IOException _) {
            // nothing was written to it
        }
    }
}
