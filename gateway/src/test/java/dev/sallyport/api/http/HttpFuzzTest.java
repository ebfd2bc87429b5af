package dev.sallyport.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

class HttpFuzzTest {
    @FuzzTest(maxDuration = "2m")
    void requestTarget(byte[] data) {
        RequestTarget target = new RequestTarget();
        if (target.parse(Method.GET, data, 0, data.length) != null) {
            return;
        }
        String path = target.path();
        int ambiguity = target.ambiguity();
        assertThat(path).startsWith("/").doesNotContain("/../", "/./", "/..;", "/.;", "?", "#", "\\");
        String again = target.query() == null ? path : path + "?" + target.query();
        byte[] bytes = again.getBytes(StandardCharsets.ISO_8859_1);
        for (byte octet : bytes) {
            if (octet <= ' ' || octet == 0x7f) {
                throw new AssertionError("octet " + octet + " in " + again);
            }
        }
        String query = target.query();
        assertThat(target.parse(Method.GET, bytes, 0, bytes.length)).isNull();
        assertThat(target.path()).isEqualTo(path);
        assertThat(target.query()).isEqualTo(query);
        assertThat(ambiguity).isEqualTo(ambiguity | target.ambiguity());
    }

    @FuzzTest(maxDuration = "2m")
    void authority(byte[] data) {
        byte[] before = data.clone();
        Authority authority = Authority.parse(data, 0, data.length);
        assertThat(Arrays.equals(before, data)).isTrue();
        if (authority == null) {
            return;
        }
        assertThat(authority.host()).matches("[a-z0-9._-]+|\\[[0-9a-f:]+]").doesNotEndWith(".");
        assertThat(authority.port()).isBetween(-1, 65535).isNotZero();
        assertThat(Authority.parse(authority.toString())).isEqualTo(authority);
    }
}
