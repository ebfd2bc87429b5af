package dev.sallyport.dataplane.limit;

import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.expression.EvaluationException;
import dev.sallyport.api.expression.Value;
import dev.sallyport.api.http.Headers;
import dev.sallyport.api.identity.Principal;
import org.jspecify.annotations.Nullable;

/// What a limit tells requests apart by. All of it is canonical: the address, the proven caller, the name of the route;
/// never the path or a credential as it was written (threats RL-04, RL-05).
public sealed interface KeyPart {
    /// What it is of `exchange`, as operators see it; null when the request has none.
    @Nullable
    String text(Exchange exchange);

    /// Adds it to `hash`; false when the request has none.
    boolean addTo(KeyHash hash, Exchange exchange);

    /// Adds what `text` says it is to `hash`; false when `text` is no such thing.
    boolean addTo(KeyHash hash, String text);

    /// Whether it is known before the caller is.
    default boolean ofSource() {
        return false;
    }

    /// Whether all callers have the same, so that what is left of it is not one caller's own.
    default boolean shared() {
        return false;
    }

    /// The network of the client.
    ///
    /// @param ipv4 leading bits that count, of an IPv4 address
    /// @param ipv6 leading bits that count, of an IPv6 address
    record Source(int ipv4, int ipv6) implements KeyPart {
        @Override
        public boolean ofSource() {
            return true;
        }

        @Override
        public String text(Exchange exchange) {
            return Network.of(exchange.clientAddress()).text(ipv4, ipv6);
        }

        @Override
        public boolean addTo(KeyHash hash, Exchange exchange) {
            Network.of(exchange.clientAddress()).addTo(hash, ipv4, ipv6);
            return true;
        }

        @Override
        public boolean addTo(KeyHash hash, String text) {
            Network network = Network.parse(text);
            if (network == null) {
                return false;
            }
            network.addTo(hash, ipv4, ipv6);
            return true;
        }
    }

    /// Something about the proven caller. What only its authenticator's word makes unique is told apart by that.
    enum Caller implements KeyPart {
        ID {
            @Override
            @Nullable
            String of(Principal principal) {
                return principal.id();
            }
        },
        TENANT {
            @Override
            @Nullable
            String of(Principal principal) {
                return principal.tenant();
            }

            @Override
            boolean qualified() {
                return false;
            }
        },
        CLIENT {
            @Override
            @Nullable
            String of(Principal principal) {
                return principal.credential().client();
            }
        },
        API_KEY {
            @Override
            @Nullable
            String of(Principal principal) {
                return principal.credential().kind().equals("api-key")
                        ? principal.credential().id()
                        : null;
            }
        };

        abstract @Nullable String of(Principal principal);

        /// Whether two authenticators may mean different things by the same word.
        boolean qualified() {
            return true;
        }

        @Override
        public @Nullable String text(Exchange exchange) {
            Principal principal = exchange.principal();
            String of = principal == null ? null : of(principal);
            return of == null || principal == null || !qualified() ? of : principal.authenticator() + "/" + of;
        }

        @Override
        public boolean addTo(KeyHash hash, Exchange exchange) {
            Principal principal = exchange.principal();
            String of = principal == null ? null : of(principal);
            if (of == null || principal == null) {
                return false;
            }
            if (qualified()) {
                hash.add(principal.authenticator());
            }
            hash.add(of);
            return true;
        }

        @Override
        public boolean addTo(KeyHash hash, String text) {
            if (!qualified()) {
                hash.add(text);
                return true;
            }
            int slash = text.indexOf('/');
            if (slash <= 0) {
                return false;
            }
            hash.add(text.substring(0, slash)).add(text.substring(slash + 1));
            return true;
        }
    }

    /// The route, by its name in the configuration.
    record Way() implements KeyPart {
        @Override
        public boolean shared() {
            return true;
        }

        @Override
        public String text(Exchange exchange) {
            return exchange.route();
        }

        @Override
        public boolean addTo(KeyHash hash, Exchange exchange) {
            hash.add(exchange.route());
            return true;
        }

        @Override
        public boolean addTo(KeyHash hash, String text) {
            hash.add(text);
            return true;
        }
    }

    /// The same for every request.
    record Everything() implements KeyPart {
        private static final String TEXT = "global";

        @Override
        public boolean shared() {
            return true;
        }

        @Override
        public String text(Exchange exchange) {
            return TEXT;
        }

        @Override
        public boolean addTo(KeyHash hash, Exchange exchange) {
            return true;
        }

        @Override
        public boolean addTo(KeyHash hash, String text) {
            return text.equals(TEXT);
        }
    }

    /// A header field that occurs once.
    ///
    /// @param secret whether operators are not to see it
    record Field(String name, boolean secret) implements KeyPart {
        private @Nullable String value(Exchange exchange) {
            Headers headers = exchange.request().headers();
            int at = headers.indexOf(name, 0);
            return at < 0 || headers.indexOf(name, at + 1) >= 0 ? null : headers.value(at);
        }

        @Override
        public @Nullable String text(Exchange exchange) {
            String value = value(exchange);
            return value == null || !secret ? value : "[redacted]";
        }

        @Override
        public boolean addTo(KeyHash hash, Exchange exchange) {
            String value = value(exchange);
            if (value == null) {
                return false;
            }
            hash.add(value);
            return true;
        }

        @Override
        public boolean addTo(KeyHash hash, String text) {
            hash.add(text);
            return true;
        }
    }

    /// What an expression says.
    record Computed(Value value) implements KeyPart {
        @Override
        public @Nullable String text(Exchange exchange) {
            try {
                return value.text(exchange);
            } catch (EvaluationException e) {
                return null;
            }
        }

        @Override
        public boolean addTo(KeyHash hash, Exchange exchange) {
            String text = text(exchange);
            if (text == null) {
                return false;
            }
            hash.add(text);
            return true;
        }

        @Override
        public boolean addTo(KeyHash hash, String text) {
            hash.add(text);
            return true;
        }
    }
}
