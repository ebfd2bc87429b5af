package dev.sallyport.testing;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads HTTP/1.1 messages and accepts nothing that two readers could understand differently (oracle G2 of the
/// threat tests): exactly one framing, one `Host`, the grammar to the letter, no chunk extension.
///
/// It shares no code with the gateway, on purpose.
public final class StrictReader {
    private static final String TOKEN_MARKS = "!#$%&'*+-.^_`|~";
    private static final String TARGET_MARKS = "-._~!$&'()*+,;=:@/?%[]|\"<>^`{}";

    private final InputStream in;

    public StrictReader(InputStream in) {
        this.in = in;
    }

    /// The next request, or null when the stream ended before its first octet.
    public @Nullable Request request() throws IOException {
        int first = in.read();
        if (first < 0) {
            return null;
        }
        String line = line((char) first);
        String[] parts = line.split(" ", -1);
        check(parts.length == 3, "request line", line);
        check(isToken(parts[0]), "method", line);
        check(parts[2].equals("HTTP/1.1"), "version", line);
        check(parts[1].startsWith("/") || parts[1].equals("*"), "target not in origin form", line);
        check(parts[1].chars().allMatch(c -> isAlphanumeric(c) || TARGET_MARKS.indexOf(c) >= 0), "target", line);
        List<Field> fields = fields();
        check(Field.values(fields, "host").size() == 1, "number of Host fields", fields.toString());
        Framing framing = framing(fields);
        check(framing.length < 0 || !framing.chunked, "two framings", fields.toString());
        List<Field> trailers = new ArrayList<>();
        String body = framing.chunked ? chunks(trailers) : exactly(Math.max(0, framing.length));
        return new Request(parts[0], parts[1], fields, body, framing.chunked, List.copyOf(trailers));
    }

    /// The next final response with the interim ones before it.
    ///
    /// @param toHead whether it answers a HEAD request and so has no body
    public Response response(boolean toHead) throws IOException {
        List<Integer> interim = new ArrayList<>();
        while (true) {
            int first = in.read();
            if (first < 0) {
                throw new EOFException("the connection ended before a response");
            }
            String line = line((char) first);
            check(line.matches("HTTP/1\\.1 [1-5][0-9][0-9] [ -~]*"), "status line", line);
            int status = Integer.parseInt(line.substring(9, 12));
            List<Field> fields = fields();
            Framing framing = framing(fields);
            if (status < 200) {
                check(framing.length < 0 && !framing.chunked, "framing of an interim response", fields.toString());
                interim.add(status);
                continue;
            }
            check(framing.length < 0 || !framing.chunked, "two framings", fields.toString());
            if (status == 204) {
                check(framing.length < 0 && !framing.chunked, "framing of a 204", fields.toString());
            }
            List<Field> trailers = new ArrayList<>();
            boolean closed = false;
            String body = "";
            if (!toHead && status != 204 && status != 304) {
                if (framing.chunked) {
                    body = chunks(trailers);
                } else if (framing.length >= 0) {
                    body = exactly(framing.length);
                } else {
                    closed = true;
                    body = Octets.text(in.readAllBytes());
                }
            }
            return new Response(
                    status, fields, body, List.copyOf(interim), framing.chunked, closed, List.copyOf(trailers));
        }
    }

    private record Framing(int length, boolean chunked) {}

    private static Framing framing(List<Field> fields) throws MalformedMessage {
        List<String> lengths = Field.values(fields, "content-length");
        List<String> codings = Field.values(fields, "transfer-encoding");
        check(lengths.size() <= 1, "number of Content-Length fields", lengths.toString());
        check(codings.isEmpty() || codings.equals(List.of("chunked")), "Transfer-Encoding", codings.toString());
        int length = -1;
        if (!lengths.isEmpty()) {
            check(lengths.getFirst().matches("0|[1-9][0-9]{0,8}"), "Content-Length", lengths.getFirst());
            length = Integer.parseInt(lengths.getFirst());
        }
        return new Framing(length, !codings.isEmpty());
    }

    private List<Field> fields() throws IOException {
        List<Field> fields = new ArrayList<>();
        while (true) {
            String line = line((char) octet());
            if (line.isEmpty()) {
                return List.copyOf(fields);
            }
            int colon = line.indexOf(':');
            check(colon > 0 && isToken(line.substring(0, colon)), "field name", line);
            String value = line.substring(colon + 1);
            check(value.chars().allMatch(c -> c == '\t' || (c >= 0x20 && c != 0x7f)), "field value", line);
            fields.add(new Field(line.substring(0, colon), value.strip()));
        }
    }

    private String chunks(List<Field> trailers) throws IOException {
        StringBuilder body = new StringBuilder();
        while (true) {
            String size = line((char) octet());
            check(size.matches("[0-9a-fA-F]{1,7}"), "chunk size", size);
            int length = Integer.parseInt(size, 16);
            if (length == 0) {
                trailers.addAll(fields());
                return body.toString();
            }
            body.append(exactly(length));
            check(octet() == '\r' && octet() == '\n', "end of chunk", size);
        }
    }

    private String exactly(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("the body ended after " + bytes.length + " of " + length + " octets");
        }
        return Octets.text(bytes);
    }

    private String line(char first) throws IOException {
        StringBuilder line = new StringBuilder();
        int c = first;
        while (c != '\r') {
            check(c != '\n', "bare line feed after", line.toString());
            line.append((char) c);
            check(line.length() <= 1 << 20, "endless line", "");
            c = octet();
        }
        check(octet() == '\n', "bare carriage return after", line.toString());
        return line.toString();
    }

    private int octet() throws IOException {
        int c = in.read();
        if (c < 0) {
            throw new EOFException("the connection ended inside a message");
        }
        return c;
    }

    private static boolean isToken(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> isAlphanumeric(c) || TOKEN_MARKS.indexOf(c) >= 0);
    }

    private static boolean isAlphanumeric(int c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    }

    private static void check(boolean holds, String what, String found) throws MalformedMessage {
        if (!holds) {
            throw new MalformedMessage(what + ": " + Octets.visible(found));
        }
    }
}
