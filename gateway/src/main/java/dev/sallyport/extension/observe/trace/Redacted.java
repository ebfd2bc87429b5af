package dev.sallyport.extension.observe.trace;

import dev.sallyport.api.http.Headers;
import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.extension.observe.redact.ReceivedText;
import dev.sallyport.telemetry.JsonLine;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/// Text of clients as the access log would write it, without JSON's escapes; confined to one thread.
@OffLoop("the thread of traces")
final class Redacted {
    private static final JsonFactory JSON = new JsonFactory();

    private final ReceivedText received;
    private final JsonLine line = new JsonLine(4096);

    Redacted(ReceivedText received) {
        this.received = received;
    }

    String path(String path, String template) {
        line.truncate(0);
        received.path(line, path, template);
        return plain();
    }

    String query(String text) {
        line.truncate(0);
        received.query(line, text);
        return plain();
    }

    String value(Headers headers, int index) {
        line.truncate(0);
        received.value(line, headers, index);
        return plain();
    }

    /// The JSON string that is the line, read.
    private String plain() {
        byte[] bytes = line.bytes();
        int end = line.length() - 1;
        int at = 1;
        while (at < end && bytes[at] != '\\') {
            at++;
        }
        if (at == end) {
            return new String(bytes, 1, end - 1, StandardCharsets.UTF_8);
        }
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), line.bytes(), 0, line.length())) {
            parser.nextToken();
            return parser.getString();
        }
    }
}
