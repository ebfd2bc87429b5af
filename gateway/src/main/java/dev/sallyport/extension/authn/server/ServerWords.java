package dev.sallyport.extension.authn.server;

import dev.sallyport.api.exchange.Refusal;
import dev.sallyport.api.http.Headers;
import dev.sallyport.remote.Wording;
import dev.sallyport.telemetry.Event;

/// What is said of authorization servers that cannot be asked.
public final class ServerWords {
    private static final Headers SOON = Headers.of("retry-after", "1");

    public static final Wording WORDING = new Wording(
            Refusal.of(
                            503,
                            "authorization-server-unavailable",
                            "Access could not be decided",
                            "The authorization server cannot be asked at the moment.")
                    .with(SOON),
            Refusal.of(503, "verification-busy", "Too busy to verify", "Too many credentials are being verified.")
                    .with(SOON),
            Refusal.of(
                            429,
                            "verification-limit",
                            "Too many credentials at once",
                            "Too many credentials of your network are being verified.")
                    .with(SOON),
            Event.AUTHORIZATION_SERVER_FAILING,
            Event.AUTHORIZATION_SERVER_RECOVERED);

    private ServerWords() {}
}
