package dev.sallyport.dataplane.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testing.Http2Peer;
import dev.sallyport.testing.Http2Peer.Message;
import dev.sallyport.testing.RecordingUpstream;
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
}
