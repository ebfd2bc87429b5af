package dev.sallyport.extension.authn.principal;

import dev.sallyport.api.plugin.Default;
import dev.sallyport.api.plugin.Doc;
import org.jspecify.annotations.Nullable;

/// Where in its claims a caller's identity is found.
@Doc("Where in its claims a caller's identity is found: names, or paths of names with dots.")
public record PrincipalConfig(
        @Doc("Who it is, a text.") @Default("sub") String id,

        @Doc("Its roles, a list of texts; anything else is no roles. Left out: none.") @Nullable
        String roles,

        @Doc("Whom it belongs to, a text. Left out: nobody.") @Nullable
        String tenant) {}
