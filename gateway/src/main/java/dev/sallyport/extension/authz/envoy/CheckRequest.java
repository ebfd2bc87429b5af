package dev.sallyport.extension.authz.envoy;

import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.http.CanonicalRequest;
import dev.sallyport.api.http.Headers;
import dev.sallyport.api.identity.Credential;
import dev.sallyport.api.identity.Principal;
import dev.sallyport.extension.authz.SendConfig;
import dev.sallyport.extension.authz.SendConfig.CallerPart;
import dev.sallyport.extension.authz.SendConfig.RequestPart;
import dev.sallyport.extension.authz.Told;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Writes `envoy.service.auth.v3.CheckRequest` with the configured parts and no others. Numbers are those of the
/// fields in Envoy's `attribute_context.proto`, `address.proto`, `base.proto` and protobuf's `struct.proto`.
final class CheckRequest {
    /// The name under which `metadata_context` holds what has no field of its own.
    static final String NAMESPACE = "sallyport";

    private static final int ATTRIBUTES = 1;
    private static final int SOURCE = 1;
    private static final int PEER_ADDRESS = 1;
    private static final int PEER_PRINCIPAL = 4;
    private static final int SOCKET_ADDRESS = 1;
    private static final int SOCKET_HOST = 2;
    private static final int REQUEST = 4;
    private static final int HTTP = 2;
    private static final int METHOD = 2;
    private static final int HEADERS = 3;
    private static final int PATH = 4;
    private static final int HOST = 5;
    private static final int SCHEME = 6;
    private static final int PROTOCOL = 10;
    private static final int CONTEXT_EXTENSIONS = 10;
    private static final int METADATA_CONTEXT = 11;
    private static final int FILTER_METADATA = 1;

    private final Set<RequestPart> request;
    private final Set<CallerPart> caller;
    private final List<String> claims;
    private final List<String> headers;
    private final Map<String, String> context;

    CheckRequest(SendConfig send, Map<String, String> context) {
        this.request = EnumSet.noneOf(RequestPart.class);
        this.request.addAll(send.request());
        this.caller = EnumSet.noneOf(CallerPart.class);
        this.caller.addAll(send.caller());
        this.claims = send.claims();
        this.headers = send.headers();
        this.context = Map.copyOf(context);
    }

    /// The message about `exchange`; on its loop.
    byte[] of(Exchange exchange) {
        ProtoWriter attributes = new ProtoWriter();
        attributes.message(SOURCE, source(exchange));
        attributes.message(REQUEST, new ProtoWriter().message(HTTP, http(exchange)));
        for (Map.Entry<String, String> entry : context.entrySet()) {
            attributes.entry(CONTEXT_EXTENSIONS, entry.getKey(), entry.getValue());
        }
        attributes.message(METADATA_CONTEXT, new ProtoWriter().entry(FILTER_METADATA, NAMESPACE, metadata(exchange)));
        return new ProtoWriter().message(ATTRIBUTES, attributes).bytes();
    }

    private ProtoWriter source(Exchange exchange) {
        ProtoWriter peer = new ProtoWriter();
        if (request.contains(RequestPart.ADDRESS)) {
            ProtoWriter socket = new ProtoWriter().text(SOCKET_HOST, Told.address(exchange));
            peer.message(PEER_ADDRESS, new ProtoWriter().message(SOCKET_ADDRESS, socket));
        }
        Principal principal = exchange.principal();
        if (principal != null && caller.contains(CallerPart.ID)) {
            peer.text(PEER_PRINCIPAL, principal.id());
        }
        return peer;
    }

    private ProtoWriter http(Exchange exchange) {
        CanonicalRequest asked = exchange.request();
        ProtoWriter http = new ProtoWriter();
        if (request.contains(RequestPart.METHOD)) {
            http.text(METHOD, asked.method().name());
        }
        for (int i = 0; i < headers.size(); i++) {
            String value = merged(asked.headers(), headers.get(i));
            if (value != null) {
                http.entry(HEADERS, headers.get(i), value);
            }
        }
        if (request.contains(RequestPart.PATH)) {
            http.text(PATH, asked.path().concat(query(exchange)));
        }
        if (request.contains(RequestPart.HOST)) {
            http.text(HOST, asked.authority().toString());
        }
        if (request.contains(RequestPart.SCHEME)) {
            http.text(SCHEME, asked.scheme());
        }
        if (request.contains(RequestPart.PROTOCOL)) {
            http.text(PROTOCOL, Told.protocol(asked.version()));
        }
        return http;
    }

    /// With its question mark; the query has no field of its own.
    private String query(Exchange exchange) {
        String query = exchange.forwardedQuery();
        return query == null || !request.contains(RequestPart.QUERY) ? "" : "?".concat(query);
    }

    /// All values of the field, as one (RFC 9110 §5.3, RFC 9113 §8.2.3), or null.
    private static @Nullable String merged(Headers received, String name) {
        int at = received.indexOf(name, 0);
        if (at < 0) {
            return null;
        }
        StringBuilder value = new StringBuilder(HeaderText.of(received, at));
        for (at = received.indexOf(name, at + 1); at >= 0; at = received.indexOf(name, at + 1)) {
            value.append(name.equals("cookie") ? "; " : ",").append(HeaderText.of(received, at));
        }
        return value.toString();
    }

    private ProtoWriter metadata(Exchange exchange) {
        ProtoWriter all = new ProtoWriter();
        if (request.contains(RequestPart.ROUTE)) {
            StructValue.member(all, "route", exchange.route());
        }
        if (request.contains(RequestPart.PATH_PARAMETERS)) {
            ProtoWriter parameters = new ProtoWriter();
            String[] found = exchange.pathParameters();
            for (int i = 0; i < found.length; i += 2) {
                StructValue.member(parameters, found[i], found[i + 1]);
            }
            StructValue.structure(all, "path_parameters", parameters);
        }
        Principal principal = exchange.principal();
        if (principal != null) {
            StructValue.structure(all, "principal", principal(principal));
        }
        return all;
    }

    private ProtoWriter principal(Principal principal) {
        ProtoWriter all = new ProtoWriter();
        if (caller.contains(CallerPart.ID)) {
            StructValue.member(all, "id", principal.id());
        }
        if (caller.contains(CallerPart.AUTHENTICATOR)) {
            StructValue.member(all, "authenticator", principal.authenticator());
        }
        if (caller.contains(CallerPart.TENANT)) {
            StructValue.member(all, "tenant", principal.tenant());
        }
        if (caller.contains(CallerPart.ROLES)) {
            StructValue.member(all, "roles", Told.roles(principal));
        }
        if (caller.contains(CallerPart.CREDENTIAL)) {
            StructValue.structure(all, "credential", credential(principal.credential()));
        }
        if (!claims.isEmpty()) {
            ProtoWriter told = new ProtoWriter();
            for (int i = 0; i < claims.size(); i++) {
                StructValue.member(told, claims.get(i), principal.claims().at(claims.get(i)));
            }
            StructValue.structure(all, "claims", told);
        }
        return all;
    }

    private static ProtoWriter credential(Credential credential) {
        ProtoWriter all = new ProtoWriter();
        StructValue.member(all, "kind", credential.kind());
        StructValue.member(all, "issuer", credential.issuer());
        StructValue.member(all, "id", credential.id());
        StructValue.member(all, "client", credential.client());
        if (credential.issuedAt() != 0) {
            StructValue.member(all, "issued_at", credential.issuedAt());
        }
        if (credential.expiresAt() != Credential.NEVER) {
            StructValue.member(all, "expires_at", credential.expiresAt());
        }
        return all;
    }
}
