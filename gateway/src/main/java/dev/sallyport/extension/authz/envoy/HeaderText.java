package dev.sallyport.extension.authz.envoy;

import dev.sallyport.api.http.Headers;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// Values of header fields as text.
final class HeaderText {
    private HeaderText() {}

    /// The value of field `index`, read as UTF-8; where it is not, each octet beyond ASCII is a `!`, as Envoy has it.
    static String of(Headers headers, int index) {
        int start = headers.valueStart(index);
        int end = headers.valueEnd(index);
        boolean ascii = true;
        for (int i = start; i < end && ascii; i++) {
            ascii = headers.bytes()[i] >= 0;
        }
        if (ascii) {
            return headers.value(index);
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(headers.bytes(), start, end - start))
                    .toString();
        } catch (CharacterCodingException e) {
            StringBuilder text = new StringBuilder(end - start);
            for (int i = start; i < end; i++) {
                byte octet = headers.bytes()[i];
                text.append(octet < 0 ? '!' : (char) octet);
            }
            return text.toString();
        }
    }
}
