package dev.sallyport.dataplane.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.api.exchange.HeaderEdits;
import dev.sallyport.api.http.FieldName;
import dev.sallyport.api.http.Headers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutgoingHeadTest {
    private final OutgoingHead head = new OutgoingHead();

    private List<String> kept() {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < head.received().count(); i++) {
            if (head.keeps(i)) {
                names.add(head.received().name(i));
            }
        }
        return names;
    }

    private String added() {
        return new String(head.added(), 0, head.addedLength(), StandardCharsets.UTF_8);
    }

    @Test
    void keepsAllWhenNothingIsToGo() {
        head.begin(Headers.of("a", "1", "b", "2"), FieldName.HOST.bit(), null);
        assertThat(head.keepsAll()).isTrue();
        assertThat(kept()).containsExactly("a", "b");
    }

    @Test
    void dropsFieldsByRole() {
        head.begin(Headers.of("host", "x", "a", "1", "te", "x"), FieldName.HOST.bit() | FieldName.TE.bit(), null);
        assertThat(head.keepsAll()).isFalse();
        assertThat(kept()).containsExactly("a");
    }

    @Test
    void HD_08_dropsWhatConnectionNominates() {
        head.begin(
                Headers.of("connection", "close, X-Secret ,,  keep-alive", "x-secret", "1", "a", "2"),
                FieldName.CONNECTION.bit(),
                null);
        assertThat(kept()).containsExactly("a");
    }

    @ParameterizedTest
    @ValueSource(strings = {"authorization", "Authorization", "cookie", "dpop", "content-type", "cache-control"})
    void HD_08_doesNotLetSecurityBeNominatedAway(String name) {
        head.begin(Headers.of("connection", name, name, "v"), FieldName.CONNECTION.bit(), null);
        assertThat(kept()).containsExactly(name);
    }

    @Test
    void HD_08_neverDropsWhatIsAdded() {
        head.begin(Headers.of("connection", "x-forwarded-for"), FieldName.CONNECTION.bit(), null);
        head.add("x-forwarded-for", "192.0.2.1");
        assertThat(added()).isEqualTo("x-forwarded-for: 192.0.2.1\r\n");
    }

    @Test
    void appliesEdits() {
        head.begin(
                Headers.of("A", "1", "B", "2"),
                0,
                new HeaderEdits().set("a", "3").remove("b").add("c", "4"));
        assertThat(kept()).isEmpty();
        assertThat(added()).isEqualTo("a: 3\r\nc: 4\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nb: c", "a\nb", "a\rb", "a\0b", "a\u007fb"})
    void SM_25_refusesValuesThatBreakLines(String value) {
        head.begin(Headers.EMPTY, 0, null);
        assertThatThrownBy(() -> head.add("x", value)).isInstanceOf(IllegalArgumentException.class);
        assertThat(head.addedLength()).isZero();
        head.begin("x".getBytes(StandardCharsets.US_ASCII));
        head.append(value);
        assertThatThrownBy(head::end).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a:", "a\r\n", "(a)"})
    void SM_25_refusesNamesThatAreNoTokens(String name) {
        head.begin(Headers.EMPTY, 0, null);
        assertThatThrownBy(() -> head.add(name, "v")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void growsAndWritesTextBeyondLatin1AsUtf8() {
        head.begin(Headers.EMPTY, 0, null);
        head.add("a", "\u20ac".repeat(2000));
        head.begin("b".getBytes(StandardCharsets.US_ASCII));
        head.appendHex(0x0123456789abcdefL);
        head.append("-\u20ac");
        head.end();
        assertThat(added()).isEqualTo("a: " + "\u20ac".repeat(2000) + "\r\nb: 0123456789abcdef-\u20ac\r\n");
        assertThat(head.additions()).isEqualTo(2);
    }
}
