package dev.sallyport.controlplane.revocation;

import dev.sallyport.api.plugin.Doc;
import java.util.List;

/// A file of what is revoked.
@Doc("A file of what is revoked.")
public record RevocationList(
        @Doc("Every entry; `[]` for none.") List<Revocation> revoked) {
    public RevocationList {
        revoked = List.copyOf(revoked);
    }
}
