package dev.sallyport.extension.authn.oidc;

/// Where an authenticator serves its own endpoints: a callback of its own each, so that answers of one provider cannot
/// be taken for another's (threat OA-05).
///
/// @param base the path below which they are
record Paths(String base) {
    static Paths of(String authenticator) {
        return new Paths("/.sallyport/oidc/" + authenticator);
    }

    String login() {
        return base + "/login";
    }

    String callback() {
        return base + "/callback";
    }

    /// The redirect URI, exactly as the provider knows it.
    String callback(String publicUrl) {
        return publicUrl + callback();
    }

    String logout() {
        return base + "/logout";
    }

    String loggedOut() {
        return base + "/logged-out";
    }

    String backChannelLogout() {
        return base + "/back-channel-logout";
    }
}
