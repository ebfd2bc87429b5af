package dev.sallyport.extension.observe.payload;

import dev.sallyport.api.exchange.BodyTap;
import dev.sallyport.api.http.Headers;
import dev.sallyport.api.http.ResponseHead;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// What was copied of the bodies of one exchange. Filled on its event loop until it is recorded; read by others then.
///
/// Whoever is to read it later takes [hold][#hold()] of it before the recording is over and [lets go][#letGo()] of it
/// once; with the last of them the copies are gone.
public final class Capture implements BodyTap {
    private final AtomicInteger holders = new AtomicInteger(1);
    private final CapturedBody request;
    private final Captures captures;
    private final int most;
    private @Nullable CapturedBody response;

    Capture(Captures captures, int most, Headers headers) {
        this.captures = captures;
        this.most = most;
        this.request = new CapturedBody(captures, most, headers);
    }

    @Override
    public void onRequestBody(ByteBuf data) {
        request.add(data);
    }

    @Override
    public void onResponse(ResponseHead head) {
        CapturedBody before = response;
        if (before != null) {
            before.free();
        }
        response = new CapturedBody(captures, most, head.headers());
    }

    @Override
    public void onResponseBody(ByteBuf data) {
        CapturedBody body = response;
        if (body != null) {
            body.add(data);
        }
    }

    @Override
    public void onRecorded() {
        letGo();
    }

    /// Keeps the copies until [#letGo()].
    public void hold() {
        holders.incrementAndGet();
    }

    /// Needs the copies no longer.
    public void letGo() {
        if (holders.decrementAndGet() == 0) {
            request.free();
            CapturedBody body = response;
            if (body != null) {
                body.free();
            }
        }
    }

    public CapturedBody request() {
        return request;
    }

    /// Null while there is no response.
    public @Nullable CapturedBody response() {
        return response;
    }
}
