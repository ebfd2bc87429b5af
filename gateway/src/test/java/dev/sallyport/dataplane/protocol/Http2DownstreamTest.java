package dev.sallyport.dataplane.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.testing.Eventually;
import dev.sallyport.testing.EvilUpstream;
import dev.sallyport.testing.Http2Peer;
import dev.sallyport.testing.Http2Peer.Frame;
import dev.sallyport.testing.Http2Peer.Message;
import dev.sallyport.testing.RecordingUpstream;
import dev.sallyport.testing.Request;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What a client gets over HTTP/2 from an HTTP/1.1 upstream, when all goes well.
class Http2DownstreamTest {
    private RecordingUpstream upstream;
    private Http2Bench bench;

    @BeforeEach
    void start() throws Exception {
        upstream = RecordingUpstream.start();
        bench = Http2Bench.toHttp1(upstream.port());
    }

    @AfterEach
    void stop() throws Exception {
        bench.close();
        upstream.close();
        assertThat(upstream.violations()).isEmpty();
        assertThat(bench.bugs()).isEmpty();
    }

    @Test
    void answersOneRequestAfterTheOther() throws Exception {
        try (Http2Peer client = bench.connect()) {
            for (int stream = 1; stream < 200; stream += 2) {
                Message answer = client.get(stream, "/a?b=" + stream).message(stream);
                assertThat(answer.status()).isEqualTo("200");
                assertThat(answer.body()).isEqualTo("GET /a?b=" + stream);
                assertThat(answer.field("content-length"))
                        .isEqualTo(Integer.toString(answer.body().length()));
                assertThat(answer.field("date")).isNotEmpty();
                assertThat(answer.reset()).isEqualTo(-1);
            }
        }
    }

    @Test
    void answersRequestsAtTheSameTime() throws Exception {
        try (Http2Peer client = bench.connect()) {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            for (int stream = 1; stream < 20; stream += 2) {
                all.writeBytes(Http2Peer.frame(
                        Http2Peer.HEADERS,
                        5,
                        stream,
                        Http2Peer.block(
                                ":method", "GET", ":scheme", "http", ":authority", "a.test", ":path", "/" + stream)));
            }
            client.send(all.toByteArray());
            int ended = 0;
            while (ended < 10) {
                Frame frame = client.some();
                if (frame.endStream()) {
                    ended++;
                }
            }
        }
        assertThat(upstream.awaitRequests(10)).hasSize(10);
    }

    @Test
    void sendsNoBodyInAnswerToHead() throws Exception {
        try (Http2Peer client = bench.connect()) {
            Message answer = client.request(1, true, "HEAD", "/length").message(1);
            assertThat(answer.status()).isEqualTo("200");
            assertThat(answer.field("content-length")).isEqualTo("12");
            assertThat(answer.body()).isEmpty();
        }
    }

    @Test
    void passesOnABodyOfDeclaredLength() throws Exception {
        try (Http2Peer client = bench.connect()) {
            client.request(1, false, "POST", "/up", "content-length", "10")
                    .data(1, false, "hello")
                    .data(1, true, "world");
            assertThat(client.message(1).status()).isEqualTo("200");
        }
        Request request = upstream.lastRequest();
        assertThat(request.body()).isEqualTo("helloworld");
        assertThat(request.toString()).contains("name=content-length, value=10");
    }

    @Test
    void passesOnABodyOfUnknownLengthAndDropsItsTrailers() throws Exception {
        try (Http2Peer client = bench.connect()) {
            client.request(1, false, "POST", "/up")
                    .data(1, false, "hello")
                    .send(Http2Peer.frame(Http2Peer.DATA, 8, 1, new byte[] {3, 'y', 'o', 0, 0, 0}))
                    .headers(1, true, "x-user", "admin");
            assertThat(client.message(1).status()).isEqualTo("200");
        }
        Request request = upstream.lastRequest();
        assertThat(request.body()).isEqualTo("helloyo");
        assertThat(upstream.octets().toString()).doesNotContain("x-user");
    }

    @Test
    void joinsCookies() throws Exception {
        try (Http2Peer client = bench.connect()) {
            client.request(1, true, "GET", "/", "cookie", "a=1", "cookie", "b=2", "cookie", "c=3");
            assertThat(client.message(1).status()).isEqualTo("200");
        }
        assertThat(upstream.octets().toString()).contains("cookie: a=1; b=2; c=3\r\n");
    }

    @Test
    void answersExpectContinueWhenTheBodyIsWanted() throws Exception {
        try (Http2Peer client = bench.connect()) {
            client.request(1, false, "POST", "/", "expect", "100-continue", "content-length", "2");
            assertThat(client.fields(client.next(Http2Peer.HEADERS))).containsExactly(":status: 100");
            client.data(1, true, "ok");
            assertThat(client.message(1).status()).isEqualTo("200");

            assertThat(client.request(3, true, "POST", "/", "expect", "y")
                            .message(3)
                            .status())
                    .isEqualTo("417");
        }
    }

    @Test
    void passesOnInterimResponses() throws Exception {
        upstream.answer(request -> "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n");
        try (Http2Peer client = bench.connect()) {
            Message answer = client.get(1, "/").message(1);
            assertThat(answer.interims()).containsExactly(List.of(":status: 103", "link: </a>"));
            assertThat(answer.status()).isEqualTo("204");
            assertThat(answer.field("content-length")).isEmpty();
        }
    }

    @Test
    void passesOnTrailers() throws Exception {
        String head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
        upstream.answer(request -> head + "2\r\nok\r\n0\r\nGrpc-Status: 0\r\nContent-Length: 7\r\n\r\n");
        try (Http2Peer client = bench.connect()) {
            Message answer =
                    client.request(1, true, "GET", "/", "te", "trailers").message(1);
            assertThat(answer.body()).isEqualTo("ok");
            assertThat(answer.trailers()).containsExactly("grpc-status: 0");
        }
    }

    @Test
    void holdsALargeBodyBackUntilTheClientTakesIt() throws Exception {
        String body = "0123456789abcdef".repeat(64 * 1024 * 3);
        upstream.answer(request -> RecordingUpstream.ok(body));
        try (Http2Peer client = bench.connect()) {
            client.get(1, "/");
            // no windows are given: the stream's own is all that comes
            int received = 0;
            while (received < 65_535) {
                received += client.next(Http2Peer.DATA).payload().length;
            }
            assertThat(client.alive()).isTrue();
            client.windowUpdate(0, 100_000).windowUpdate(1, 50_000);
            while (received < 115_535) {
                received += client.next(Http2Peer.DATA).payload().length;
            }
            assertThat(received).isEqualTo(115_535);
            client.windowUpdate(0, 10_000_000).windowUpdate(1, 10_000_000);
            assertThat(client.message(1, false).body()).isEqualTo(body.substring(received));
        }
    }

    @Test
    void grantsNoWindowForABodyThatTheUpstreamDoesNotTake() throws Exception {
        try (EvilUpstream deaf = EvilUpstream.start(EvilUpstream.Peer::hold);
                Http2Bench stuck = Http2Bench.toHttp1(deaf.port());
                Http2Peer client = stuck.connect()) {
            client.request(1, false, "POST", "/");
            byte[] piece = new byte[16_384];
            int granted = 0;
            int sent = 0;
            // sends as long as there is a window, which the gateway must stop to widen
            for (int i = 0; i < 4096; i++) {
                if (sent + piece.length > 262_144 + granted) {
                    break;
                }
                client.send(Http2Peer.frame(Http2Peer.DATA, 0, 1, piece));
                sent += piece.length;
                client.send(Http2Peer.PING, 0, 0, new byte[8]);
                for (Frame frame = client.next(); frame != null; frame = client.next()) {
                    if (frame.type() == Http2Peer.WINDOW_UPDATE && frame.stream() == 1) {
                        granted += frame.int32(0);
                    } else if (frame.type() == Http2Peer.PING && frame.flags() == 1) {
                        break;
                    }
                }
            }
            assertThat(sent).isLessThan(32 << 20);
            assertThat(client.alive()).isTrue();
        }
    }

    @Test
    void carriesALargeUpload() throws Exception {
        try (Http2Peer client = bench.connect()) {
            client.request(1, false, "PUT", "/");
            byte[] piece = "x".repeat(16_384).getBytes(StandardCharsets.US_ASCII);
            long window = 65_535;
            long connection = 65_535;
            for (int i = 0; i < 512; i++) {
                while (window < piece.length || connection < piece.length) {
                    Frame frame = client.some();
                    if (frame.type() == Http2Peer.WINDOW_UPDATE) {
                        if (frame.stream() == 0) {
                            connection += frame.int32(0);
                        } else {
                            window += frame.int32(0);
                        }
                    } else if (frame.type() == Http2Peer.SETTINGS && frame.flags() == 0) {
                        window += 262_144 - 65_535;
                    }
                }
                client.send(Http2Peer.frame(Http2Peer.DATA, i == 511 ? 1 : 0, 1, piece));
                window -= piece.length;
                connection -= piece.length;
            }
            assertThat(client.message(1).status()).isEqualTo("200");
        }
        assertThat(upstream.lastRequest().body()).hasSize(8 << 20);
    }

    @Test
    void FA_01_resetsTheStreamWhenTheUpstreamBreaksOff() throws Exception {
        try (EvilUpstream evil = EvilUpstream.start(connection -> {
                    connection.readHead();
                    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\npartial");
                });
                Http2Bench broken = Http2Bench.toHttp1(evil.port());
                Http2Peer client = broken.connect()) {
            Message answer = client.get(1, "/").message(1);
            assertThat(answer.status()).isEqualTo("200");
            assertThat(answer.body()).isEqualTo("partial");
            assertThat(answer.reset()).isEqualTo(2);
            assertThat(client.alive()).isTrue();
        }
    }

    @Test
    void cancelsTheUpstreamWhenTheClientResets() throws Exception {
        upstream.answer(request -> "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n");
        try (Http2Peer client = bench.connect()) {
            client.get(1, "/");
            upstream.awaitRequests(1);
            client.reset(1, 8);
            Exchange exchange = bench.record(0);
            assertThat(exchange.failure()).hasToString("CLIENT_CLOSED");
            Eventually.until("no connection to the upstream", () -> upstream.open() == 0);
            assertThat(client.alive()).isTrue();
        }
    }

    @Test
    void FA_15_drainsInTwoSteps() throws Exception {
        try (Http2Peer client = bench.connect()) {
            client.request(1, false, "POST", "/");
            assertThat(client.alive()).isTrue();
            bench.drain(Drain.BEGIN);
            Frame first = client.next(Http2Peer.GOAWAY);
            assertThat(first.int32(0)).isEqualTo(Integer.MAX_VALUE);
            client.get(3, "/in-flight");
            Frame second = client.next(Http2Peer.GOAWAY);
            assertThat(second.int32(0)).isIn(1, 3);
            client.data(1, true, "end");
            assertThat(client.message(1).status()).isEqualTo("200");
            assertThat(client.goAwayCode()).isZero();
        }
        assertThat(upstream.awaitRequests(1)).extracting(Request::body).contains("end");
    }

    @Test
    void FA_15_abortsVisiblyAtTheDeadline() throws Exception {
        upstream.answer(request -> "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\npart");
        try (Http2Peer client = bench.connect()) {
            client.get(1, "/");
            client.next(Http2Peer.DATA);
            bench.drain(Drain.NOW);
            assertThat(client.goAwayCode()).isZero();
            assertThat(bench.record(0).failure()).hasToString("DRAINED");
        }
    }
}
