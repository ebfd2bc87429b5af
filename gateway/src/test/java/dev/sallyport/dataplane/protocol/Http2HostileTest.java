package dev.sallyport.dataplane.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.http.RequestFault;
import dev.sallyport.telemetry.Metrics;
import dev.sallyport.testing.Eventually;
import dev.sallyport.testing.Http2Peer;
import dev.sallyport.testing.Http2Peer.Frame;
import dev.sallyport.testing.Octets;
import dev.sallyport.testing.RecordingUpstream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// What hostile HTTP/2 clients get, and what the upstream must never see of them.
class Http2HostileTest {
    private static final int NO_ERROR = 0;
    private static final int PROTOCOL_ERROR = 1;
    private static final int FLOW_CONTROL_ERROR = 3;
    private static final int SETTINGS_TIMEOUT = 4;
    private static final int STREAM_CLOSED = 5;
    private static final int REFUSED_STREAM = 7;
    private static final int CANCEL = 8;
    private static final int COMPRESSION_ERROR = 9;
    private static final int ENHANCE_YOUR_CALM = 11;

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
        assertThat(bench.bugs()).isEmpty();
    }

    private record Attack(String name, Act act) {
        interface Act {
            void on(Http2Peer client) throws IOException;
        }
    }

    /// Each resets its stream, leaves the connection as it was, and is recorded; nothing reaches the upstream.
    @TestFactory
    Stream<DynamicTest> malformedRequestsResetTheirStream() {
        return Stream.of(
                        new Attack(
                                "H2_01 content-length on a request without body",
                                client -> client.request(1, true, "POST", "/", "content-length", "9")),
                        new Attack(
                                "H2_01 two content-lengths",
                                client -> client.request(
                                        1, false, "POST", "/", "content-length", "5", "content-length", "5")),
                        new Attack(
                                "H2_02 transfer-encoding",
                                client -> client.request(1, false, "POST", "/", "transfer-encoding", "chunked")),
                        new Attack(
                                "H2_02 connection", client -> client.request(1, true, "GET", "/", "connection", "x")),
                        new Attack("H2_02 te", client -> client.request(1, true, "GET", "/", "te", "gzip")),
                        new Attack(
                                "H2_03 CRLF in a value",
                                client -> client.request(1, true, "GET", "/", "x", "y\r\nTransfer-Encoding: chunked")),
                        new Attack(
                                "H2_03 CRLF in a name",
                                client -> client.request(1, true, "GET", "/", "foo: bar\r\nhost", "x")),
                        new Attack("H2_03 upper case", client -> client.request(1, true, "GET", "/", "Foo", "x")),
                        new Attack("H2_04 path without slash", client -> client.request(1, true, "GET", "admin")),
                        new Attack(
                                "H2_04 a request line as method",
                                client -> client.request(1, true, "GET /x HTTP/1.1\r\n", "/")),
                        new Attack(
                                "H2_04 another scheme",
                                client -> client.headers(
                                        1,
                                        true,
                                        ":method",
                                        "GET",
                                        ":scheme",
                                        "https",
                                        ":authority",
                                        "a",
                                        ":path",
                                        "/")),
                        new Attack(
                                "H2_04 an URL as scheme",
                                client -> client.headers(
                                        1,
                                        true,
                                        ":method",
                                        "GET",
                                        ":scheme",
                                        "http://evil/?",
                                        ":authority",
                                        "a",
                                        ":path",
                                        "/")),
                        new Attack(
                                "H2_04 pseudo after regular",
                                client -> client.headers(
                                        1,
                                        true,
                                        "x",
                                        "y",
                                        ":method",
                                        "GET",
                                        ":scheme",
                                        "http",
                                        ":authority",
                                        "a",
                                        ":path",
                                        "/")),
                        new Attack(
                                "UP_05 extended CONNECT",
                                client -> client.request(1, false, "CONNECT", "/", ":protocol", "websocket")))
                .map(attack -> DynamicTest.dynamicTest(attack.name(), () -> {
                    int faults = bench.faults().size();
                    try (Http2Peer client = bench.connect()) {
                        attack.act().on(client);
                        assertThat(client.resetCode(1)).isEqualTo(PROTOCOL_ERROR);
                        assertThat(client.get(3, "/after").message(3).body()).isEqualTo("GET /after");
                    }
                    assertThat(bench.faults()).hasSize(faults + 1);
                    assertThat(upstream.requests())
                            .allMatch(request -> request.target().equals("/after"));
                    assertThat(upstream.violations()).isEmpty();
                }));
    }

    @Test
    void H2_01_H2_07_resetsWhenTheBodyIsNotWhatItsLengthSays() throws Exception {
        try (Http2Peer client = bench.connect()) {
            client.request(1, false, "POST", "/", "content-length", "5").data(1, true, "abc");
            assertThat(client.resetCode(1)).isEqualTo(PROTOCOL_ERROR);
            client.request(3, false, "POST", "/", "content-length", "5").data(3, false, "GET /admin");
            assertThat(client.resetCode(3)).isEqualTo(PROTOCOL_ERROR);
            client.request(5, false, "POST", "/", "content-length", "0").data(5, true, "GET /admin");
            Frame end = client.some();
            while (end.stream() != 5) {
                end = client.some();
            }
            client.request(7, false, "POST", "/", "content-length", "5")
                    .data(7, false, "abc")
                    .headers(7, true, "x", "y");
            assertThat(client.resetCode(7)).isEqualTo(PROTOCOL_ERROR);
            client.request(9, false, "POST", "/", "content-length", "5")
                    .data(9, false, "abc")
                    .reset(9, CANCEL);
            assertThat(client.alive()).isTrue();
        }
        // none was complete in the upstream's eyes, but the one that has no body
        assertThat(upstream.requests()).allMatch(request -> request.body().isEmpty());
        assertThat(upstream.violations()).isEmpty();
    }

    @Test
    void H2_05_wantsOneAuthority() throws Exception {
        try (Http2Peer client = bench.connect()) {
            assertThat(client.request(1, true, "GET", "/", "host", "b.test")
                            .message(1)
                            .status())
                    .isEqualTo("400");
            client.headers(3, true, ":method", "GET", ":scheme", "http", ":path", "/");
            assertThat(client.message(3).status()).isEqualTo("400");
            client.headers(5, true, ":method", "GET", ":scheme", "http", ":authority", "user@a.test", ":path", "/");
            assertThat(client.message(5).status()).isEqualTo("400");
            client.headers(7, true, ":method", "GET", ":scheme", "http", ":path", "/", "host", "a.test");
            assertThat(client.message(7).status()).isEqualTo("200");
            assertThat(client.request(9, true, "GET", "/", "host", "A.test")
                            .message(9)
                            .status())
                    .isEqualTo("200");
        }
        assertThat(upstream.octets().toString().toLowerCase(Locale.ROOT).split("\r\nhost:", -1))
                .hasSize(3);
        assertThat(bench.faults()).containsOnly(RequestFault.AUTHORITY);
    }

    @Test
    void UP_04_refusesConnect() throws Exception {
        try (Http2Peer client = bench.connect()) {
            client.headers(1, false, ":method", "CONNECT", ":authority", "internal:22");
            assertThat(client.message(1).status()).isEqualTo("405");
            assertThat(client.request(3, true, "BREW", "/").message(3).status()).isEqualTo("501");
            assertThat(client.alive()).isTrue();
        }
        assertThat(upstream.octets()).isEmpty();
    }

    @Test
    void SM_26_answersWithTheLimitThatWasExceeded() throws Exception {
        try (Http2Peer client = bench.connect()) {
            assertThat(client.request(1, true, "GET", "/", "x", "y".repeat(9000))
                            .message(1)
                            .status())
                    .isEqualTo("431");
            String[] fields = new String[120];
            for (int i = 0; i < fields.length; i++) {
                fields[i] = "x";
            }
            assertThat(client.request(3, true, "GET", "/", fields).message(3).status())
                    .isEqualTo("431");
            assertThat(client.get(5, "/").message(5).status()).isEqualTo("200");
        }
    }

    @Test
    void refusesABodyAboveTheLimit() throws Exception {
        try (Http2Bench small = Http2Bench.toHttp1(upstream.port(), Http2Bench.limits(edit -> edit.withBody(100)));
                Http2Peer client = small.connect()) {
            client.request(1, false, "POST", "/", "content-length", "101");
            assertThat(client.message(1).status()).isEqualTo("413");
            client.request(3, false, "POST", "/").data(3, false, "x".repeat(60)).data(3, false, "x".repeat(60));
            assertThat(client.message(3).status()).isEqualTo("413");
            client.request(5, false, "POST", "/").data(5, true, "x".repeat(100));
            assertThat(client.message(5).status()).isEqualTo("200");
        }
        assertThat(upstream.requests()).hasSize(1);
    }

    @Test
    void DO_11_refusesStreamsAboveTheLimit() throws Exception {
        upstream.answer(request -> "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n");
        try (Http2Peer client = bench.connect()) {
            for (int stream = 1; stream <= 21; stream += 2) {
                client.get(stream, "/" + stream);
            }
            assertThat(client.resetCode(21)).isEqualTo(REFUSED_STREAM);
        }
        assertThat(upstream.awaitRequests(10)).hasSize(10);
    }

    @Test
    void DO_04_endsAConnectionThatResetsRapidly() throws Exception {
        try (Http2Peer client = bench.connect()) {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            byte[] block = Http2Peer.block(":method", "GET", ":scheme", "http", ":authority", "a", ":path", "/");
            for (int stream = 1; stream < 2000; stream += 2) {
                all.writeBytes(Http2Peer.frame(Http2Peer.HEADERS, 5, stream, block));
                all.writeBytes(Http2Peer.frame(Http2Peer.RST_STREAM, 0, stream, new byte[] {0, 0, 0, 8}));
            }
            client.send(all.toByteArray());
            assertThat(client.goAwayCode()).isEqualTo(ENHANCE_YOUR_CALM);
        }
        assertThat(bench.records()).hasSizeLessThan(250);
        assertThat(bench.count(Metrics.HTTP2_GOAWAYS, "client", "enhance_your_calm"))
                .isEqualTo(1);
        Eventually.until("no upstream work", () -> bench.upstreamWork() == 0);
    }

    @Test
    void DO_05_countsResetsThatTheClientProvokes() throws Exception {
        upstream.answer(request -> "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n");
        List<byte[]> provocations = List.of(
                Http2Peer.frame(Http2Peer.WINDOW_UPDATE, 0, 1, new byte[4]),
                Http2Peer.frame(Http2Peer.WINDOW_UPDATE, 0, 1, new byte[] {0x7f, -1, -1, -1}),
                Http2Peer.frame(Http2Peer.PRIORITY, 0, 1, new byte[4]),
                Http2Peer.frame(Http2Peer.DATA, 0, 1, new byte[1]));
        for (byte[] provocation : provocations) {
            try (Http2Peer client = bench.connect()) {
                for (int stream = 1; stream < 1000; stream += 2) {
                    client.get(stream, "/");
                    provocation[8] = (byte) stream;
                    provocation[7] = (byte) (stream >>> 8);
                    client.send(provocation);
                }
                assertThat(client.goAwayCode()).isEqualTo(ENHANCE_YOUR_CALM);
            }
            Eventually.until("no upstream work", () -> bench.upstreamWork() == 0);
        }
    }

    @Test
    void DO_05_toleratesAFewResetsAmongManyRequests() throws Exception {
        try (Http2Peer client = bench.connect()) {
            int stream = 1;
            for (int i = 0; i < 1000; i++, stream += 4) {
                client.get(stream, "/").reset(stream, CANCEL);
                for (int j = 0; j < 2; j++) {
                    assertThat(client.get(stream + 2, "/").message(stream + 2).status())
                            .as("%s", bench.records().getLast().failure())
                            .isEqualTo("200");
                    stream += 2;
                }
            }
            assertThat(client.alive()).isTrue();
        }
    }

    @Test
    void DO_06_answersDespiteATinyHeaderListLimit() throws Exception {
        try (Http2Peer client = bench.connect(6, 1)) {
            assertThat(client.get(1, "/").message(1).status()).isEqualTo("200");
        }
    }

    @Test
    void DO_07_endsEndlessFieldBlocks() throws Exception {
        for (byte[] continuation : List.of(new byte[0], new byte[1], new byte[16_384])) {
            try (Http2Peer client = bench.connect()) {
                client.send(Http2Peer.HEADERS, 1, 1, (byte) 0x82);
                for (int i = 0; i < 100; i++) {
                    client.send(Http2Peer.CONTINUATION, 0, 1, continuation);
                }
                assertThat(client.goAwayCode()).isEqualTo(ENHANCE_YOUR_CALM);
            }
        }
    }

    /// Frames that are legal and bring nothing forward, over and over.
    @TestFactory
    Stream<DynamicTest> DO_08_endsFloods() {
        List<byte[]> floods = new ArrayList<>();
        floods.add(Http2Peer.frame(Http2Peer.SETTINGS, 0, 0));
        floods.add(Http2Peer.frame(Http2Peer.SETTINGS, 1, 0));
        floods.add(Http2Peer.frame(Http2Peer.PING, 0, 0, new byte[8]));
        floods.add(Http2Peer.frame(Http2Peer.PING, 1, 0, new byte[8]));
        floods.add(Http2Peer.frame(Http2Peer.PRIORITY, 0, 1, new byte[5]));
        floods.add(Http2Peer.frame(Http2Peer.WINDOW_UPDATE, 0, 1, new byte[] {0, 0, 0, 1}));
        floods.add(Http2Peer.frame(Http2Peer.WINDOW_UPDATE, 0, 0, new byte[] {0, 0, 0, 1}));
        floods.add(Http2Peer.frame(Http2Peer.DATA, 0, 1));
        floods.add(Http2Peer.frame(Http2Peer.RST_STREAM, 0, 1, new byte[4]));
        floods.add(Http2Peer.frame(0x42, 0, 1, new byte[10]));
        floods.add(Http2Peer.frame(0x42, 0, 0, new byte[16_384]));
        return floods.stream()
                .map(flood -> DynamicTest.dynamicTest(
                        Octets.visible(Octets.text(flood).substring(0, 9)), () -> {
                            try (Http2Peer client = bench.connect()) {
                                client.request(1, false, "POST", "/");
                                ByteArrayOutputStream all = new ByteArrayOutputStream();
                                for (int i = 0; i < 2000; i++) {
                                    all.writeBytes(flood);
                                }
                                client.send(all.toByteArray());
                                assertThat(client.goAwayCode()).isEqualTo(ENHANCE_YOUR_CALM);
                            }
                        }));
    }

    @Test
    void DO_09_survivesAnHpackBomb() throws Exception {
        try (Http2Peer client = bench.connect()) {
            byte[] entry = Http2Peer.block("x", "y".repeat(3900));
            entry[0] = 0x40;
            ByteArrayOutputStream block = new ByteArrayOutputStream();
            block.writeBytes(Http2Peer.block(":method", "GET", ":scheme", "http", ":authority", "a", ":path", "/"));
            block.writeBytes(entry);
            for (int i = 0; i < 10_000; i++) {
                block.write(0xbe);
            }
            client.send(Http2Peer.frame(Http2Peer.HEADERS, 5, 1, block.toByteArray()));
            assertThat(client.message(1).status()).isEqualTo("431");
            assertThat(client.get(3, "/").message(3).status()).isEqualTo("200");
        }
        assertThat(upstream.requests()).hasSize(1);
    }

    @Test
    void DO_03_abortsAResponseThatNobodyReads() throws Exception {
        upstream.answer(request -> RecordingUpstream.ok("x".repeat(1 << 20)));
        try (Http2Bench hasty = Http2Bench.toHttp1(
                        upstream.port(), Http2Bench.limits(edit -> edit.withIdleTimeout(Http2Bench.SHORT)));
                Http2Peer client = hasty.connect(4, 0)) {
            client.get(1, "/");
            assertThat(client.resetCode(1)).isEqualTo(CANCEL);
            assertThat(hasty.record(0).failure()).hasToString("RESPONSE_STALLED");
            Eventually.until("no upstream work", () -> bench.upstreamWork() == 0);
        }
    }

    @Test
    void DO_03_oneOctetAtATimeIsNotReading() throws Exception {
        upstream.answer(request -> RecordingUpstream.ok("x".repeat(1 << 20)));
        try (Http2Bench hasty = Http2Bench.toHttp1(
                        upstream.port(), Http2Bench.limits(edit -> edit.withIdleTimeout(Http2Bench.SHORT)));
                Http2Peer client = hasty.connect(4, 0)) {
            client.get(1, "/").windowUpdate(1, 1);
            for (Frame frame = client.some(); frame.type() != Http2Peer.RST_STREAM; frame = client.some()) {
                if (frame.type() == Http2Peer.DATA) {
                    client.windowUpdate(1, 1);
                }
            }
            assertThat(hasty.record(0).failure()).hasToString("RESPONSE_STALLED");
        }
    }

    @Test
    void DO_02_endsABodyThatTrickles() throws Exception {
        try (Http2Bench hasty = Http2Bench.toHttp1(
                        upstream.port(), Http2Bench.limits(edit -> edit.withHeadTimeout(Http2Bench.SHORT)));
                Http2Peer client = hasty.connect()) {
            client.request(1, false, "POST", "/", "content-length", "1000").data(1, false, "x");
            assertThat(client.message(1).status()).isEqualTo("408");
            assertThat(hasty.record(0).failure()).hasToString("REQUEST_TIMEOUT");
        }
    }

    @Test
    void DO_15_closesIdleConnections() throws Exception {
        try (Http2Bench hasty = Http2Bench.toHttp1(
                        upstream.port(), Http2Bench.limits(edit -> edit.withIdleTimeout(Http2Bench.SHORT)));
                Http2Peer client = hasty.connect()) {
            assertThat(client.get(1, "/").message(1).status()).isEqualTo("200");
            assertThat(client.goAwayCode()).isEqualTo(NO_ERROR);
        }
    }

    @Test
    void DO_01_closesConnectionsWhoseFrameNeverEnds() throws Exception {
        try (Http2Bench hasty = Http2Bench.toHttp1(
                        upstream.port(), Http2Bench.limits(edit -> edit.withHeadTimeout(Http2Bench.SHORT)));
                Http2Peer client = hasty.connect()) {
            client.some();
            client.send(Http2Peer.HEADERS, 1, 1, (byte) 0x82);
            assertThat(client.goAwayCode()).isEqualTo(PROTOCOL_ERROR);
        }
    }

    @Test
    void endsConnectionsThatDoNotAcknowledgeSettings() throws Exception {
        try (Http2Bench hasty = Http2Bench.toHttp1(
                        upstream.port(), Http2Bench.limits(edit -> edit.withHeadTimeout(Http2Bench.SHORT)));
                Http2Peer client = hasty.connect().withoutAcknowledging()) {
            assertThat(client.goAwayCode()).isEqualTo(SETTINGS_TIMEOUT);
        }
    }

    /// Each ends the connection with its code.
    @TestFactory
    Stream<DynamicTest> endsTheConnectionOnConnectionErrors() {
        record Breach(String name, Attack.Act act, int code) {}
        return Stream.of(
                        new Breach(
                                "H2_09 PUSH_PROMISE",
                                client -> client.send(
                                        Http2Peer.PUSH_PROMISE, 4, 1, (byte) 0, (byte) 0, (byte) 0, (byte) 2),
                                PROTOCOL_ERROR),
                        new Breach("an even stream", client -> client.get(2, "/"), PROTOCOL_ERROR),
                        new Breach("DATA on an idle stream", client -> client.data(1, true, "x"), PROTOCOL_ERROR),
                        new Breach("RST_STREAM on an idle stream", client -> client.reset(1, 8), PROTOCOL_ERROR),
                        new Breach(
                                "WINDOW_UPDATE on an idle stream", client -> client.windowUpdate(1, 1), PROTOCOL_ERROR),
                        new Breach(
                                "a stream that went backwards",
                                client -> {
                                    client.get(5, "/").message(5);
                                    client.get(3, "/");
                                },
                                STREAM_CLOSED),
                        new Breach(
                                "no field block",
                                client -> client.send(Http2Peer.HEADERS, 5, 1, (byte) 0xff, (byte) 0xff, (byte) 0xff),
                                COMPRESSION_ERROR),
                        new Breach(
                                "a window of the connection beyond its range",
                                client -> client.windowUpdate(0, Integer.MAX_VALUE),
                                FLOW_CONTROL_ERROR),
                        new Breach(
                                "an initial window beyond its range",
                                client -> client.settings(4, Integer.MIN_VALUE),
                                FLOW_CONTROL_ERROR),
                        new Breach("a frame size beyond its range", client -> client.settings(5, 100), PROTOCOL_ERROR),
                        new Breach("a push setting beyond its range", client -> client.settings(2, 2), PROTOCOL_ERROR))
                .map(error -> DynamicTest.dynamicTest(error.name(), () -> {
                    try (Http2Peer client = bench.connect()) {
                        error.act().on(client);
                        assertThat(client.goAwayCode()).isEqualTo(error.code());
                    }
                }));
    }

    @Test
    void DO_22_survivesAClientThatResetsItsConnection() throws Exception {
        upstream.answer(request -> "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n");
        for (int i = 0; i < 20; i++) {
            try (Http2Peer client = bench.connect()) {
                client.get(1, "/");
            }
        }
        Eventually.until("every exchange is over", () -> bench.records().size() == 20);
        Eventually.until("no upstream work", () -> bench.upstreamWork() == 0);
    }
}
