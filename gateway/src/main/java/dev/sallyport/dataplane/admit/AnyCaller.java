package dev.sallyport.dataplane.admit;

import dev.sallyport.api.access.Authorizer;
import dev.sallyport.api.access.Verdict;
import dev.sallyport.api.exchange.Exchange;

/// Allows every proven caller: a rule that says who must be known and asks nothing more.
public final class AnyCaller implements Authorizer {
    private static final Verdict ALLOWED = new Verdict.Allow("authenticated");

    @Override
    public Verdict judge(Exchange exchange) {
        return exchange.principal() == null ? Verdict.Deny.NOBODY : ALLOWED;
    }
}
