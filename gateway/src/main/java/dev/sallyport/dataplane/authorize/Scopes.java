package dev.sallyport.dataplane.authorize;

import dev.sallyport.api.identity.Claims;
import java.util.List;

/// The scopes of a token: claim `scope`, a text with spaces between (RFC 8693 §4.2), or where there is none claim
/// `scp`, such a text or a list of texts. Anything else is no scopes (threat AZ-05).
final class Scopes {
    private Scopes() {}

    /// Whether all of `wanted` are among the scopes that `claims` tell.
    static boolean contain(Claims claims, List<String> wanted) {
        Object scope = claims.all().get("scope");
        Object said = scope == null ? claims.all().get("scp") : scope;
        for (int i = 0; i < wanted.size(); i++) {
            boolean there = switch (said) {
                case String text -> has(text, wanted.get(i));
                case List<?> list -> scope == null && has(list, wanted.get(i));
                case null, default -> false;
            };
            if (!there) {
                return false;
            }
        }
        return !wanted.isEmpty();
    }

    private static boolean has(String text, String scope) {
        int length = scope.length();
        for (int at = text.indexOf(scope); at >= 0; at = text.indexOf(scope, at + 1)) {
            boolean begins = at == 0 || text.charAt(at - 1) == ' ';
            boolean ends = at + length == text.length() || text.charAt(at + length) == ' ';
            if (begins && ends) {
                return true;
            }
        }
        return false;
    }

    private static boolean has(List<?> list, String scope) {
        boolean found = false;
        for (int i = 0; i < list.size(); i++) {
            if (!(list.get(i) instanceof String text)) {
                return false;
            }
            found |= text.equals(scope);
        }
        return found;
    }
}
