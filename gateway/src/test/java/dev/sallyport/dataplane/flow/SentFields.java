package dev.sallyport.dataplane.flow;

import dev.sallyport.api.http.Headers;
import dev.sallyport.dataplane.message.OutgoingHead;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The fields of a head as it goes out, as lines `name: value`.
final class SentFields {
    private SentFields() {}

    static List<String> of(OutgoingHead head) {
        List<String> fields = new ArrayList<>();
        Headers received = head.received();
        for (int i = 0; i < received.count(); i++) {
            if (head.keeps(i)) {
                fields.add(received.name(i).toLowerCase(Locale.ROOT) + ": " + received.value(i));
            }
        }
        for (int i = 0; i < head.additions(); i++) {
            String name = text(head, head.nameStart(i), head.nameEnd(i)).toLowerCase(Locale.ROOT);
            fields.add(name + ": " + text(head, head.valueStart(i), head.valueEnd(i)));
        }
        return fields;
    }

    static List<String> values(List<String> fields, String name) {
        String start = name + ": ";
        return fields.stream()
                .filter(field -> field.startsWith(start))
                .map(field -> field.substring(start.length()))
                .toList();
    }

    private static String text(OutgoingHead head, int from, int to) {
        return new String(head.added(), from, to - from, StandardCharsets.ISO_8859_1);
    }
}
