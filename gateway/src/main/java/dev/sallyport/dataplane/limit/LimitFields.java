package dev.sallyport.dataplane.limit;

import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.HeaderEdits;
import dev.sallyport.api.exchange.ResponsePolicy;
import dev.sallyport.api.http.ResponseHead;
import dev.sallyport.api.limit.Charge;
import dev.sallyport.api.limit.Charge.State;
import dev.sallyport.api.limit.Measure;

/// Tells callers how they stand with the limits of a route: only with those that are their own, or are to be shown
/// (threat RL-13).
public final class LimitFields implements ResponsePolicy {
    private static final int MOST = 16;
    private static final long SECOND = 1_000_000_000L;

    private final boolean draft;
    private final boolean x;

    /// @param draft whether `RateLimit` and `RateLimit-Policy` are sent
    ///     (draft-ietf-httpapi-ratelimit-headers-11)
    /// @param x     whether `X-RateLimit-*` of the tightest are sent
    public LimitFields(boolean draft, boolean x) {
        this.draft = draft;
        this.x = x;
    }

    @Override
    public void onResponse(Exchange exchange, ResponseHead head) {
        Metering metering = Metering.find(exchange);
        if (metering == null) {
            return;
        }
        long order = order(metering);
        if (order == 0) {
            return;
        }
        HeaderEdits edits = exchange.responseEdits();
        if (draft) {
            draft(metering, order, edits);
        }
        if (x) {
            tightest(metering.charge(), part(order, 0), edits);
        }
    }

    /// The parts that are told, tightest first, four bits each from the lowest on, each with its number; the
    /// number of parts stands above them. 0 for none.
    private static long order(Metering metering) {
        Charge charge = metering.charge();
        long order = 0;
        int count = 0;
        int most = Math.min(charge.size(), MOST - 2);
        for (int i = 0; i < most; i++) {
            if (!told(metering, i)) {
                continue;
            }
            int at = 0;
            while (at < count && share(charge, part(order, at)) <= share(charge, i)) {
                at++;
            }
            long below = order & ((1L << (4 * at)) - 1);
            order = ((order - below) << 4) | ((long) i << (4 * at)) | below;
            count++;
        }
        return count == 0 ? 0 : order | ((long) count << (4 * (MOST - 1)));
    }

    /// The part at a place of the order.
    private static int part(long order, int at) {
        return (int) (order >>> (4 * at)) & 0xf;
    }

    private static boolean told(Metering metering, int part) {
        Limit limit = metering.limit(part);
        return limit.shown()
                && !limit.trial()
                && metering.charge().state(part) != State.BACK
                && !(metering.charge().layer(part).measure() instanceof Measure.Concurrent);
    }

    /// How much is left, of a thousand.
    private static long share(Charge charge, int part) {
        return charge.remaining(part) * 1000 / charge.layer(part).measure().most();
    }

    private static void draft(Metering metering, long order, HeaderEdits edits) {
        int count = (int) (order >>> (4 * (MOST - 1)));
        StringBuilder policies = new StringBuilder(48 * count);
        StringBuilder standings = new StringBuilder(40 * count);
        Charge charge = metering.charge();
        for (int i = 0; i < count; i++) {
            int part = part(order, i);
            String separator = i == 0 ? "\"" : ", \"";
            Measure measure = charge.layer(part).measure();
            policies.append(separator);
            standings.append(separator);
            name(metering.limit(part), measure, policies);
            name(metering.limit(part), measure, standings);
            policies.append("\";q=").append(measure.most());
            switch (measure) {
                case Measure.Rate rate ->
                    policies.append(";w=").append(LimitRefusals.seconds(rate.burst() * rate.intervalNanos()));
                case Measure.Quota quota -> {
                    if (quota.per() == Measure.Period.DAY) {
                        policies.append(";w=86400");
                    }
                }
                case Measure.Concurrent _ -> {}
            }
            standings
                    .append("\";r=")
                    .append(charge.remaining(part))
                    .append(";t=")
                    .append(seconds(charge, part));
        }
        edits.add("ratelimit-policy", policies.toString());
        edits.add("ratelimit", standings.toString());
    }

    private static void name(Limit limit, Measure measure, StringBuilder to) {
        to.append(limit.name()).append(period(measure));
    }

    /// What is added to the name of a limit for a layer of it.
    static String period(Measure measure) {
        return measure instanceof Measure.Quota(long _, Measure.Period per, var _)
                ? per == Measure.Period.DAY ? "-day" : "-month"
                : "";
    }

    private static long seconds(Charge charge, int part) {
        return (charge.resetNanos(part) + SECOND - 1) / SECOND;
    }

    private static void tightest(Charge charge, int part, HeaderEdits edits) {
        edits.set(
                "x-ratelimit-limit", Long.toString(charge.layer(part).measure().most()));
        edits.set("x-ratelimit-remaining", Long.toString(charge.remaining(part)));
        edits.set("x-ratelimit-reset", Long.toString(seconds(charge, part)));
    }
}
