package dev.sallyport.extension.browser;

import dev.sallyport.api.exchange.Attribute;
import dev.sallyport.api.exchange.Decision;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.HeaderEdits;
import dev.sallyport.api.exchange.LocalResponse;
import dev.sallyport.api.exchange.Phase;
import dev.sallyport.api.exchange.Policy;
import dev.sallyport.api.exchange.Preflight;
import dev.sallyport.api.exchange.Refusal;
import dev.sallyport.api.exchange.ResponsePolicy;
import dev.sallyport.api.http.FieldName;
import dev.sallyport.api.http.Headers;
import dev.sallyport.api.http.Method;
import dev.sallyport.api.http.ResponseHead;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// `cors`: tells browsers which pages of other origins may send requests to a route and read its responses (Fetch,
/// threat AZ-12).
///
/// Preflights are answered before anybody is asked who calls: browsers send no credentials with them. Whether other
/// requests are served does not depend on their origin.
final class Cors implements Policy, ResponsePolicy {
    private static final Attribute<Cors> GRANTED = Attribute.of("cors", Cors.class);
    private static final String REQUEST_HEADERS = "access-control-request-headers";
    private static final String OWN_FIELDS = "access-control-";
    private static final String VARY_OF_PREFLIGHT = "origin, access-control-request-method, " + REQUEST_HEADERS;
    private static final Decision NO_CONTENT = new Decision.Answer(new LocalResponse(204, Headers.EMPTY, new byte[0]));
    private static final Decision ORIGIN_REFUSED =
            refusal("cors-origin", "Pages of this origin may not use this resource.");
    private static final Decision METHOD_REFUSED =
            refusal("cors-method", "Pages of other origins may not use this method here.");
    private static final Decision HEADER_REFUSED =
            refusal("cors-header", "Pages of other origins may not send these header fields here.");

    private final Origins origins;
    /// Bits of methods that pages may use; 0 for every one of the route's.
    private final int methods;

    private final RequestFields fields;
    private final Told told;

    /// What browsers are told.
    ///
    /// @param credentials whether pages may send cookies, certificates and passwords
    /// @param methods     null for the method that is asked about
    /// @param exposed     names of response fields that pages may read, null for none
    /// @param maxAge      how long a preflight holds, in seconds
    record Told(
            boolean credentials,
            @Nullable String methods,
            @Nullable String exposed,
            String maxAge) {}

    /// @param methods empty for every one of the route's
    Cors(Origins origins, Set<Method> methods, RequestFields fields, Told told) {
        this.origins = origins;
        int bits = 0;
        for (Method method : methods) {
            bits |= bit(method);
        }
        this.methods = bits;
        this.fields = fields;
        this.told = told;
    }

    private static Decision refusal(String code, String detail) {
        return new Decision.Refuse(Refusal.of(403, code, "Not for this page", detail));
    }

    @SuppressWarnings("EnumOrdinal") // never stored or sent
    private static int bit(Method method) {
        return 1 << method.ordinal();
    }

    @Override
    public Phase phase() {
        return Phase.SCREEN;
    }

    @Override
    public boolean foreseeable() {
        return true;
    }

    @Override
    public Decision decide(Exchange exchange) {
        Method asked = Preflight.of(exchange);
        if (asked == null) {
            return Decision.PROCEED;
        }
        Headers request = exchange.request().headers();
        if (origins.allowed(request) == null) {
            return ORIGIN_REFUSED;
        }
        if (methods != 0 && (methods & bit(asked)) == 0) {
            return METHOD_REFUSED;
        }
        if (!fields.allow(request)) {
            return HEADER_REFUSED;
        }
        exchange.put(GRANTED, this);
        return NO_CONTENT;
    }

    @Override
    public void onResponse(Exchange exchange, ResponseHead head) {
        HeaderEdits edits = exchange.responseEdits();
        removeOwn(head.headers(), edits);
        Method asked = Preflight.of(exchange);
        if (asked != null) {
            edits.add("vary", VARY_OF_PREFLIGHT);
        } else if (!variesByOrigin(head.headers())) {
            edits.add("vary", "origin");
        }
        String allowed = origins.allowed(exchange.request().headers());
        if (allowed == null) {
            return;
        }
        edits.add("access-control-allow-origin", allowed);
        if (told.credentials) {
            edits.add("access-control-allow-credentials", "true");
        }
        if (asked == null) {
            if (told.exposed != null) {
                edits.add("access-control-expose-headers", told.exposed);
            }
        } else if (exchange.get(GRANTED) != null) {
            edits.add("access-control-allow-methods", told.methods == null ? asked.name() : told.methods);
            if (fields.text != null) {
                edits.add("access-control-allow-headers", fields.text);
            }
            edits.add("access-control-max-age", told.maxAge);
        }
    }

    /// What an upstream says of these things is not what the configuration says.
    private static void removeOwn(Headers response, HeaderEdits edits) {
        for (int i = 0; i < response.count(); i++) {
            if (startsWith(response, i, OWN_FIELDS)) {
                edits.remove(response.name(i));
            }
        }
    }

    private static boolean startsWith(Headers headers, int index, String prefix) {
        int start = headers.lineStart(index);
        if (headers.nameEnd(index) - start < prefix.length()) {
            return false;
        }
        for (int i = 0; i < prefix.length(); i++) {
            // all letters of the prefix are lower case, and `-` has this bit too
            if ((headers.bytes()[start + i] | 0x20) != prefix.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static boolean variesByOrigin(Headers response) {
        for (int i = response.indexOf(FieldName.VARY); i >= 0; i = response.indexOf(FieldName.VARY, i + 1)) {
            if (FieldList.holds(response, i, "origin") || FieldList.holds(response, i, "*")) {
                return true;
            }
        }
        return false;
    }

    /// The request fields that pages may set, beside those that need no preflight.
    ///
    /// @param every whether they may set any, but for `Authorization`, which has to be named
    /// @param names in lower case
    /// @param text  what browsers are told, null for nothing
    @SuppressWarnings("ArrayRecordComponent") // compared nowhere
    record RequestFields(
            boolean every, String[] names, @Nullable String text) {
        /// Whether every field that a preflight asks about is among them.
        boolean allow(Headers request) {
            for (int i = request.indexOf(REQUEST_HEADERS, 0); i >= 0; i = request.indexOf(REQUEST_HEADERS, i + 1)) {
                if (!FieldList.allIn(request, i, names, every)) {
                    return false;
                }
            }
            return true;
        }
    }
}
