package dev.sallyport.extension.authz.opa;

import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.http.CanonicalRequest;
import dev.sallyport.api.http.Headers;
import dev.sallyport.api.identity.Credential;
import dev.sallyport.api.identity.Principal;
import dev.sallyport.extension.authz.SendConfig;
import dev.sallyport.extension.authz.SendConfig.CallerPart;
import dev.sallyport.extension.authz.SendConfig.RequestPart;
import dev.sallyport.extension.authz.Told;
import dev.sallyport.telemetry.JsonLine;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Writes what an Open Policy Agent is told: `{"input": {"request": …, "route": …, "client": …, "principal": …}}`, with
/// the configured parts and no others. One buffer per event loop.
final class OpaInput {
    private final Set<RequestPart> request;
    private final Set<CallerPart> caller;
    private final List<String> claims;
    private final List<String> headers;
    private final JsonLine[] lines;

    OpaInput(SendConfig send, int loops) {
        this.request = EnumSet.noneOf(RequestPart.class);
        this.request.addAll(send.request());
        this.caller = EnumSet.noneOf(CallerPart.class);
        this.caller.addAll(send.caller());
        this.claims = send.claims();
        this.headers = send.headers();
        this.lines = new JsonLine[loops];
        for (int i = 0; i < loops; i++) {
            lines[i] = new JsonLine(1024);
        }
    }

    /// The body of a question; on the exchange's loop.
    byte[] of(Exchange exchange) {
        JsonLine line = lines[exchange.loop()];
        line.truncate(0);
        JsonText json = new JsonText(line);
        json.open().name("input").open();
        json.name("request").open();
        request(json, exchange);
        json.close();
        route(json, exchange);
        if (request.contains(RequestPart.ADDRESS)) {
            json.name("client").open().text("address", Told.address(exchange)).close();
        }
        json.name("principal");
        principal(json, exchange.principal());
        json.close().close();
        return Arrays.copyOf(line.bytes(), line.length());
    }

    private void request(JsonText json, Exchange exchange) {
        CanonicalRequest asked = exchange.request();
        if (request.contains(RequestPart.METHOD)) {
            json.text("method", asked.method().name());
        }
        if (request.contains(RequestPart.SCHEME)) {
            json.text("scheme", asked.scheme());
        }
        if (request.contains(RequestPart.HOST)) {
            json.text("host", asked.authority().toString());
        }
        if (request.contains(RequestPart.PATH)) {
            json.text("path", asked.path());
        }
        if (request.contains(RequestPart.QUERY) && exchange.forwardedQuery() != null) {
            json.text("query", exchange.forwardedQuery());
        }
        if (request.contains(RequestPart.PROTOCOL)) {
            json.text("protocol", Told.protocol(asked.version()));
        }
        if (!headers.isEmpty()) {
            json.name("headers").open();
            headers(json, asked.headers());
            json.close();
        }
    }

    /// Each as the list of all its values, so that none is overlooked (threat AZ-03).
    private void headers(JsonText json, Headers received) {
        for (int i = 0; i < headers.size(); i++) {
            String name = headers.get(i);
            int at = received.indexOf(name, 0);
            if (at >= 0) {
                json.name(name).openList();
                for (; at >= 0; at = received.indexOf(name, at + 1)) {
                    json.item(received.bytes(), received.valueStart(at), received.valueEnd(at));
                }
                json.closeList();
            }
        }
    }

    private void route(JsonText json, Exchange exchange) {
        boolean named = request.contains(RequestPart.ROUTE);
        boolean parameters = request.contains(RequestPart.PATH_PARAMETERS);
        if (!named && !parameters) {
            return;
        }
        json.name("route").open();
        if (named) {
            json.text("name", exchange.route());
        }
        if (parameters) {
            json.name("parameters").open();
            String[] all = exchange.pathParameters();
            for (int i = 0; i < all.length; i += 2) {
                json.text(all[i], all[i + 1]);
            }
            json.close();
        }
        json.close();
    }

    private void principal(JsonText json, @Nullable Principal principal) {
        if (principal == null) {
            json.nothing();
            return;
        }
        json.open();
        if (caller.contains(CallerPart.ID)) {
            json.text("id", principal.id());
        }
        if (caller.contains(CallerPart.AUTHENTICATOR)) {
            json.text("authenticator", principal.authenticator());
        }
        if (caller.contains(CallerPart.TENANT) && principal.tenant() != null) {
            json.text("tenant", principal.tenant());
        }
        if (caller.contains(CallerPart.ROLES)) {
            json.name("roles").value(Told.roles(principal), 0);
        }
        if (caller.contains(CallerPart.CREDENTIAL)) {
            credential(json, principal.credential());
        }
        if (!claims.isEmpty()) {
            json.name("claims").open();
            for (int i = 0; i < claims.size(); i++) {
                Object value = principal.claims().at(claims.get(i));
                if (value != null) {
                    json.name(claims.get(i)).value(value, 0);
                }
            }
            json.close();
        }
        json.close();
    }

    private static void credential(JsonText json, Credential credential) {
        json.name("credential").open().text("kind", credential.kind());
        optional(json, "issuer", credential.issuer());
        optional(json, "id", credential.id());
        optional(json, "client", credential.client());
        if (credential.issuedAt() != 0) {
            json.name("issued_at").value(credential.issuedAt(), 0);
        }
        if (credential.expiresAt() != Credential.NEVER) {
            json.name("expires_at").value(credential.expiresAt(), 0);
        }
        json.close();
    }

    private static void optional(JsonText json, String name, @Nullable String value) {
        if (value != null) {
            json.text(name, value);
        }
    }
}
