package dev.sallyport.extension.authn.sender;

import dev.sallyport.api.access.Authentication;
import dev.sallyport.extension.authn.jose.ShownToken;

/// A token that is good, except that its sender may be another than the one it was made for.
public interface GoodToken {
    /// What its sender has to prove.
    Confirmation confirmation();

    /// The answer to a request whose sender has proved it.
    ///
    /// @param scheme that it was shown with
    Authentication fromItsSender(ShownToken.Scheme scheme);
}
