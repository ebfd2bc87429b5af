package dev.sallyport.dataplane.flow;

import dev.sallyport.api.exchange.Failure;
import dev.sallyport.api.http.Headers;
import dev.sallyport.dataplane.message.OutgoingHead;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A client's side of an exchange that keeps what it is sent, as short lines.
final class ScriptedClient implements ClientStream {
    private final List<String> events = new ArrayList<>();
    private final StringBuilder body = new StringBuilder();
    private List<String> fields = List.of();
    private int status;
    private boolean ended;
    private boolean demanded;
    private boolean writable = true;

    @Override
    public void sendInterim(int interim, OutgoingHead fields) {
        events.add("interim " + interim);
    }

    @Override
    public void sendHead(int finalStatus, OutgoingHead fields, long length, boolean last) {
        status = finalStatus;
        this.fields = SentFields.of(fields);
        end(last);
        events.add("head " + finalStatus + " " + length + (last ? " last" : ""));
    }

    @Override
    public void sendBody(ByteBuf data, boolean last) {
        body.append(data.toString(StandardCharsets.UTF_8));
        data.release();
        end(last);
        events.add(last ? "last body" : "body");
    }

    @Override
    public void sendTrailers(Headers trailers) {
        end(true);
        events.add("trailers " + trailers.count());
    }

    private void end(boolean last) {
        if (ended) {
            throw new AssertionError("more after the end of the response: " + events);
        }
        ended = last;
    }

    @Override
    public void flush() {
        // everything is sent at once here
    }

    @Override
    public void abort(Failure reason) {
        end(true);
        events.add("abort " + reason);
    }

    @Override
    public boolean writable() {
        return writable;
    }

    void writable(boolean now) {
        writable = now;
    }

    @Override
    public void demandBody(boolean wanted) {
        demanded = wanted;
    }

    boolean demanded() {
        return demanded;
    }

    /// What was sent, in order.
    List<String> events() {
        return events;
    }

    String body() {
        return body.toString();
    }

    /// The values of the field called `name` in the final head.
    List<String> values(String name) {
        return SentFields.values(fields, name);
    }

    /// The status of the final head, 0 before it.
    int status() {
        return status;
    }

    boolean ended() {
        return ended;
    }

    /// The reason code of a problem body, or null.
    @Nullable
    String reason() {
        int at = body.indexOf("\"reason\":\"");
        return at < 0 ? null : body.substring(at + 10, body.indexOf("\"", at + 10));
    }
}
