package dev.sallyport.dataplane.protocol;

import dev.sallyport.api.exchange.ClientConnection;
import dev.sallyport.api.exchange.Failure;
import dev.sallyport.api.http.FieldName;
import dev.sallyport.api.http.Headers;
import dev.sallyport.api.http.HttpVersion;
import dev.sallyport.api.http.Method;
import dev.sallyport.api.http.RequestFault;
import dev.sallyport.api.http.RequestReader;
import dev.sallyport.dataplane.flow.ExchangeFlow;
import dev.sallyport.dataplane.flow.Flows;
import dev.sallyport.dataplane.http2.ErrorCode;
import dev.sallyport.dataplane.http2.FieldSection;
import dev.sallyport.dataplane.http2.HpackEncoder;
import dev.sallyport.dataplane.http2.Http2Session;
import dev.sallyport.dataplane.http2.Http2Stream;
import dev.sallyport.dataplane.http2.SessionSettings;
import dev.sallyport.dataplane.message.HttpDate;
import dev.sallyport.dataplane.message.OutgoingHead;
import dev.sallyport.dataplane.snapshot.ListenerSettings;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import org.jspecify.annotations.Nullable;

/// A client's HTTP/2 connection: each stream is a request, judged by the validator before anything else sees it.
///
/// Malformed requests reset their stream (RFC 9113 §8.1.1); well-formed ones that are refused are answered.
public final class Http2Downstream extends Http2Session {
    private final Flows flows;
    private final ListenerSettings.Limits limits;
    private final ClientConnection connection;
    private final HttpDate date = new HttpDate();
    private Failure lossReason = Failure.CLIENT_CLOSED;

    /// A handler for `channel`, to be added to its pipeline; it reads from the client's preface on.
    public Http2Downstream(Flows flows, ListenerSettings settings, ClientConnection connection, Channel channel) {
        super(flows.worker(), channel, session(settings.limits()));
        this.flows = flows;
        this.limits = settings.limits();
        this.connection = connection;
    }

    private static SessionSettings session(ListenerSettings.Limits limits) {
        return new SessionSettings(
                true,
                limits.streamsPerConnection(),
                limits.head(),
                limits.fields(),
                limits.headTimeout(),
                limits.idleTimeout());
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
        if (event == Drain.BEGIN) {
            drain();
        } else if (event == Drain.NOW) {
            lossReason = Failure.DRAINED;
            fail(ErrorCode.NO_ERROR);
        } else if (event instanceof Relief relief) {
            if (openStreams() == 0 && !refusing() && relief.closes(unusedSince())) {
                fail(ErrorCode.NO_ERROR);
            }
        } else {
            super.userEventTriggered(ctx, event);
        }
    }

    @Override
    protected boolean isIdle(int stream) {
        return (stream & 1) == 0 || stream > lastPeerStream();
    }

    @Override
    protected void onSection(int id, @Nullable Http2Stream open, FieldSection fields, boolean last) {
        if (open instanceof Http2ClientStream stream) {
            onTrailers(stream, fields, last);
        } else if ((id & 1) == 0) {
            fail(ErrorCode.PROTOCOL_ERROR);
        } else if (id <= lastPeerStream()) {
            if (!wasReset(id)) {
                fail(ErrorCode.STREAM_CLOSED);
            }
        } else {
            opened(id);
            if (refusing()) {
                reset(id, ErrorCode.REFUSED_STREAM);
            } else if (openStreams() >= limits.streamsPerConnection()) {
                resetByFault(id, null, ErrorCode.REFUSED_STREAM);
            } else {
                onRequest(id, fields, last);
            }
        }
    }

    /// Trailers end the body and are otherwise dropped (RFC 9110 §6.5.1).
    private void onTrailers(Http2ClientStream stream, FieldSection fields, boolean last) {
        fields.finish(FieldSection.Kind.TRAILERS);
        if (stream.inboundClosed()) {
            resetByFault(stream.id(), stream, ErrorCode.STREAM_CLOSED);
            return;
        }
        ErrorCode error = last && fields.acceptable() ? stream.onTrailers() : ErrorCode.PROTOCOL_ERROR;
        if (error != null) {
            resetByFault(stream.id(), stream, error);
        }
    }

    private void onRequest(int id, FieldSection fields, boolean last) {
        fields.finish(FieldSection.Kind.REQUEST);
        RequestFault malformed = fields.malformed();
        RequestFault refused = fields.refused();
        if (malformed == null && refused == null) {
            if (!fields.scheme().equals(connection.scheme())) {
                malformed = RequestFault.TARGET;
            } else if (last && fields.contentLength() > 0) {
                malformed = RequestFault.FRAMING;
            }
        }
        if (malformed != null) {
            flows.recorder().recordFault(connection, malformed);
            resetByFault(id, null, ErrorCode.PROTOCOL_ERROR);
            return;
        }
        Method method = fields.methodOrNull();
        Http2ClientStream stream = new Http2ClientStream(this, id, fields.contentLength(), last);
        add(stream);
        if (refused == null) {
            refused = method == null ? RequestFault.METHOD : begin(stream, method, fields, last);
        }
        if (refused != null) {
            flows.recorder().recordFault(connection, refused);
            stream.refuse(refused, method == Method.HEAD);
        }
    }

    /// Begins the exchange, or says what stands against it.
    private @Nullable RequestFault begin(Http2ClientStream stream, Method method, FieldSection fields, boolean last) {
        long length = last ? 0 : fields.contentLength();
        if (length > limits.body()) {
            return RequestFault.BODY_TOO_LARGE;
        }
        Headers headers = fields.headers();
        if (headers.has(FieldName.EXPECT)) {
            if ((headers.repeated() & FieldName.EXPECT.bit()) != 0
                    || !headers.valueIs(headers.indexOf(FieldName.EXPECT), "100-continue")) {
                return RequestFault.EXPECTATION;
            }
            stream.expectsContinue(length != 0);
        }
        RequestReader reader = flows.reader();
        RequestFault fault = reader.read(
                connection.scheme(),
                HttpVersion.HTTP_2,
                method,
                fields.pathBytes(),
                fields.pathStart(),
                fields.pathEnd(),
                fields.authority(),
                headers);
        if (fault == null) {
            stream.begin(new ExchangeFlow(flows, stream, reader.request(), connection, length));
        }
        return fault;
    }

    @Override
    protected void onOutboundClosed(Http2Stream stream) {
        if (!stream.inboundClosed()) {
            // the answer is complete without the rest of the request (RFC 9113 §8.1)
            reset(stream.id(), ErrorCode.NO_ERROR);
        }
        finish(stream);
    }

    /// Why streams are lost when the connection goes.
    Failure lossReason() {
        return lossReason;
    }

    ListenerSettings.Limits limits() {
        return limits;
    }

    HttpDate date() {
        return date;
    }

    HpackEncoder fields() {
        return encoder();
    }

    OutgoingHead scratch() {
        return worker().scratch();
    }
}
