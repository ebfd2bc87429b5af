package dev.sallyport.extension.authn.oidc;

import dev.sallyport.extension.authn.oidc.provider.TokenResponse;
import dev.sallyport.extension.authn.session.Session;

/// Until when tokens vouch for a session, and from when they should be renewed: a little earlier, so that requests
/// go on with what is known while new tokens come.
final class Freshness {
    private static final long EARLIER_SECONDS = 30;
    private static final long UNSTATED_SECONDS = 300;

    private Freshness() {}

    /// `times` of a session that has just got `tokens`.
    static Session.Times of(TokenResponse tokens, Session.Times times, long now) {
        if (tokens.refreshToken() == null) {
            return new Session.Times(times.began(), times.ends(), now, Long.MAX_VALUE, Long.MAX_VALUE);
        }
        long lifetime = tokens.expiresIn() == 0 ? UNSTATED_SECONDS : tokens.expiresIn();
        long stale = now + lifetime;
        long earlier = Math.min(EARLIER_SECONDS, lifetime / 4);
        return new Session.Times(times.began(), times.ends(), now, stale - earlier, stale);
    }
}
