package dev.sallyport.dataplane.http1;

import io.netty.handler.codec.http.HttpResponseStatus;

/// The usual words after a status code; empty for codes that have none.
final class ReasonPhrase {
    private ReasonPhrase() {}

    static String of(int status) {
        HttpResponseStatus known = HttpResponseStatus.valueOf(status);
        String phrase = known.reasonPhrase();
        return phrase.endsWith(")") && phrase.contains("(") && phrase.contains(Integer.toString(status)) ? "" : phrase;
    }
}
