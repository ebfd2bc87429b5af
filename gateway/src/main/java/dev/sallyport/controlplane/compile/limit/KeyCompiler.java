package dev.sallyport.controlplane.compile.limit;

import dev.sallyport.api.access.Authenticator;
import dev.sallyport.api.expression.ExpressionException;
import dev.sallyport.api.expression.Expressions;
import dev.sallyport.api.expression.Value;
import dev.sallyport.api.http.FieldName;
import dev.sallyport.api.plugin.Nearest;
import dev.sallyport.controlplane.compile.findings.Findings;
import dev.sallyport.controlplane.config.limit.LimitConfig;
import dev.sallyport.dataplane.limit.KeyPart;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Compiles what limits tell requests apart by.
public final class KeyCompiler {
    private static final String ADDRESS = "client.address";
    private static final String NETWORK = "client.network";
    private static final List<String> WORDS = List.of(
            ADDRESS, NETWORK, "principal.id", "principal.tenant", "principal.client", "api-key", "route", "global");

    /// Fields that hold credentials, and those in which anybody can claim anything (threats RL-03, RL-15).
    private static final long UNFIT = FieldName.bits(FieldName.Rule.CLIENT_CLAIM)
            | FieldName.bits(FieldName.Rule.HOP_BY_HOP)
            | FieldName.bits(FieldName.Rule.DROP)
            | FieldName.AUTHORIZATION.bit()
            | FieldName.COOKIE.bit()
            | FieldName.DPOP.bit()
            | FieldName.X_API_KEY.bit();

    private final Findings findings;
    private final Expressions expressions;
    private final Set<String> credentials = new HashSet<>();
    private final Set<String> redacted = new HashSet<>();

    /// @param authenticators whose credentials must not be counted by before they are proven
    /// @param secretFields   that operators are not to see
    public KeyCompiler(
            Findings findings,
            Expressions expressions,
            Collection<Authenticator> authenticators,
            List<String> secretFields) {
        this.findings = findings;
        this.expressions = expressions;
        authenticators.forEach(
                one -> one.credentialFields().forEach(field -> credentials.add(field.toLowerCase(Locale.ROOT))));
        secretFields.forEach(field -> redacted.add(field.toLowerCase(Locale.ROOT)));
    }

    /// The part of a key at `path`; null when something is wrong with it.
    @Nullable
    KeyPart compile(String path, LimitConfig.Key key, LimitConfig.@Nullable Prefix prefix) {
        String header = key.header();
        if (header != null) {
            return field(path + ".header", header);
        }
        String of = String.valueOf(key.of());
        return switch (of) {
            case ADDRESS -> source(prefix, 32, 64);
            case NETWORK -> source(prefix, 24, 48);
            case "principal.id" -> KeyPart.Caller.ID;
            case "principal.tenant" -> KeyPart.Caller.TENANT;
            case "principal.client" -> KeyPart.Caller.CLIENT;
            case "api-key" -> KeyPart.Caller.API_KEY;
            case "route" -> new KeyPart.Way();
            case "global" -> new KeyPart.Everything();
            default -> computed(path + ".of", of);
        };
    }

    private static KeyPart source(LimitConfig.@Nullable Prefix prefix, int ipv4, int ipv6) {
        Integer four = prefix == null ? null : prefix.ipv4();
        Integer six = prefix == null ? null : prefix.ipv6();
        return new KeyPart.Source(four == null ? ipv4 : four, six == null ? ipv6 : six);
    }

    private @Nullable KeyPart field(String path, String header) {
        String name = header.toLowerCase(Locale.ROOT);
        byte[] octets = name.getBytes(StandardCharsets.ISO_8859_1);
        boolean unfit = (FieldName.of(octets, 0, octets.length).bit() & UNFIT) != 0;
        if (unfit || credentials.contains(name)) {
            findings.error(
                    path,
                    header + ": a credential that is not proven yet, or a field in which anybody can claim anything",
                    "expected: `api-key`, `principal.id` or `client.address`, which count what is proven");
            return null;
        }
        return new KeyPart.Field(name, redacted.contains(name));
    }

    private @Nullable KeyPart computed(String path, String text) {
        String meant = text.matches("[a-z.-]+") ? Nearest.to(text, WORDS) : null;
        try {
            return new KeyPart.Computed(expressions.text(text));
        } catch (ExpressionException e) {
            if (meant != null || text.matches("[a-z-]+")) {
                findings.error(path, text, Nearest.hint(text, WORDS));
            } else {
                tell(path, e);
            }
            return null;
        }
    }

    /// The expression of a number at `path`; null when something is wrong with it.
    @Nullable
    Value number(String path, String text) {
        try {
            return expressions.number(text);
        } catch (ExpressionException e) {
            tell(path, e);
            return null;
        }
    }

    private void tell(String path, ExpressionException e) {
        e.problems().forEach(one -> findings.error(path, one.offset(), one.message(), one.hint()));
    }
}
