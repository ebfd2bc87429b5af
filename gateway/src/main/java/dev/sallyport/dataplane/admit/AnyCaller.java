package dev.sallyport.dataplane.admit;

import dev.sallyport.api.access.Authorizer;
import dev.sallyport.api.access.Verdict;
import dev.sallyport.api.exchange.Exchange;

/// Allows every caller that was let in: a rule that says who must be known and asks nothing more.
public final class AnyCaller implements Authorizer {
    private static final Verdict AUTHENTICATED = new Verdict.Allow("authenticated");
    private static final Verdict ANONYMOUS = new Verdict.Allow("anonymous");

    @Override
    public Verdict judge(Exchange exchange) {
        return exchange.principal() == null ? ANONYMOUS : AUTHENTICATED;
    }

    @Override
    public int holdsForSeconds() {
        return UNTIL_CHANGED;
    }
}
