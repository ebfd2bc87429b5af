package dev.sallyport.dataplane.authorize;

/// Something that may be done, as `resource:action`. In what a role grants, `*` in the place of a part stands for
/// every one; it stands for a whole part only, never for a beginning (threat AZ-04).
///
/// @param resource such as `orders`
/// @param action   such as `read`
public record Permission(String resource, String action) {
    private static final String ANY = "*";
    private static final int LONGEST = 64;
    private static final String EXPECTED = "resource:action, such as orders:read; of letters, digits, - _ . or one *";

    /// The permission that `text` names.
    ///
    /// @throws IllegalArgumentException with value and expectation, when it names none
    public static Permission parse(String text) {
        int colon = text.indexOf(':');
        if (colon < 0 || !isPart(text.substring(0, colon)) || !isPart(text.substring(colon + 1))) {
            throw new IllegalArgumentException((text.isEmpty() ? "empty" : text) + " (expected: " + EXPECTED + ")");
        }
        return new Permission(text.substring(0, colon), text.substring(colon + 1));
    }

    private static boolean isPart(String part) {
        if (part.equals(ANY)) {
            return true;
        }
        if (part.isEmpty() || part.length() > LONGEST) {
            return false;
        }
        for (int i = 0; i < part.length(); i++) {
            char c = part.charAt(i);
            boolean letterOrDigit = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (!letterOrDigit && (i == 0 || (c != '-' && c != '_' && c != '.'))) {
                return false;
            }
        }
        return true;
    }

    /// Whether it names one thing, not many.
    public boolean isSingle() {
        return !resource.equals(ANY) && !action.equals(ANY);
    }

    /// Whether whoever holds this holds `wanted` too.
    public boolean covers(Permission wanted) {
        return (resource.equals(ANY) || resource.equals(wanted.resource))
                && (action.equals(ANY) || action.equals(wanted.action));
    }

    @Override
    public String toString() {
        return resource + ':' + action;
    }
}
