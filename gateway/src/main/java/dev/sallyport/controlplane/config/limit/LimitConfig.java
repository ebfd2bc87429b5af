package dev.sallyport.controlplane.config.limit;

import dev.sallyport.api.access.Enforcement;
import dev.sallyport.api.http.Method;
import dev.sallyport.api.limit.Measure;
import dev.sallyport.api.limit.Sharing;
import dev.sallyport.api.limit.WhenDown;
import dev.sallyport.api.plugin.Default;
import dev.sallyport.api.plugin.Doc;
import dev.sallyport.api.plugin.Matches;
import dev.sallyport.api.plugin.OneOrMore;
import dev.sallyport.api.plugin.Range;
import dev.sallyport.api.plugin.Shorthand;
import dev.sallyport.api.plugin.Verbatim;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How much callers may.
@Doc(
        "How much callers may: `rate`, `quota` and `concurrent`, one or several of them, for each value of `key`. Routes that name the same limit count together.")
public record LimitConfig(
        @Doc(
                "By what requests are told apart: `client.address`, `client.network`, `principal.id`, `principal.tenant`, `principal.client`, "
                        + "`api-key`, `route`, `global`, `{ header: NAME }`, an expression (CEL) that is a text, or a list of these "
                        + "that make the key together. What lacks a part is counted by its address.")
        @OneOrMore
        List<Key> key,

        @Doc("So many per second (`100/s`), minute (`1000/min`) or hour (`20000/h`), spread evenly.") @Nullable
        Rate rate,

        @Doc("How many of `rate` at once. Left out: as many as `rate` has in its unit of time.")
        @Nullable
        @Range(min = "1", max = "1000000000")
        Integer burst,

        @Doc("So many per day or month of the calendar, beside `rate`.") @Nullable
        Quota quota,

        @Doc("How many requests at the same time, from the first octet to the last.")
        @Nullable
        @Range(min = "1", max = "1000000")
        Integer concurrent,

        @Doc("Methods that count: a list, `reading` or `modifying`. Left out: all.") @Nullable
        Methods methods,

        @Doc(
                "What a request costs: a whole number, or an expression (CEL) that is one. Costs nobody can tell refuse (503).")
        @Default("1")
        Cost cost,

        @Doc("How many leading bits of an address count, with `client.address` and `client.network`.") @Nullable
        Prefix prefix,

        @Doc("Whether what exceeds it is refused.") @Default("enforce")
        Enforcement mode,

        @Doc("Whether callers are told what is left. Left out: only of what is their own, not of `route` and `global`.")
        @Nullable
        Boolean show,

        @Doc(
                "How gateways side by side count together, with `state: { redis: … }`; for requests at the same time the store is "
                        + "always asked. Left out: `leased`.")
        @Nullable
        Sharing share,

        @Doc("What becomes of it while the store cannot be asked. Left out: what `state.redis.when-down` says.")
        @Nullable
        WhenDown whenDown) {
    public LimitConfig {
        if (key.isEmpty()) {
            throw new IllegalArgumentException("key: none (expected: at least one)");
        }
        if (rate == null && quota == null && concurrent == null) {
            throw new IllegalArgumentException("nothing is limited (expected: `rate`, `quota` or `concurrent`)");
        }
        if (rate == null && burst != null) {
            throw new IllegalArgumentException("burst: without a rate (expected: beside `rate`)");
        }
        if (rate != null) {
            measure(rate, burst);
        }
        long smallest = Math.min(
                rate == null ? Long.MAX_VALUE : burst == null ? rate.amount() : burst,
                quota == null ? Long.MAX_VALUE : quota.amount());
        if (cost.expression() == null && cost.fixed() > smallest) {
            throw new IllegalArgumentException("cost: " + cost.fixed()
                    + ": more than is ever there, so that no request passes (expected: at most " + smallest + ")");
        }
    }

    /// How gateways count together where there is a store for it.
    public Sharing sharing() {
        return share == null ? Sharing.LEASED : share;
    }

    /// What `rate` and `burst` are to counters.
    public static Measure.Rate measure(Rate rate, @Nullable Integer burst) {
        return new Measure.Rate(rate.amount(), rate.per().nanos(), burst == null ? rate.amount() : burst);
    }

    /// A part of what tells requests apart.
    @Doc("A part of what tells requests apart.")
    @Shorthand("of")
    public record Key(
            @Doc("One of the words above, or an expression (CEL).") @Nullable
            String of,

            @Doc("The value of a request header field that occurs once. Fields that hold credentials cannot be used.")
            @Nullable
            @Matches(value = "[A-Za-z0-9!#$%&'*+.^_`|~-]+", expected = "the name of a header field")
            String header) {
        public Key {
            if ((of == null) == (header == null)) {
                throw new IllegalArgumentException("not one thing (expected: a word, an expression or `header`)");
            }
        }
    }

    /// So many per period of the calendar.
    @Doc("So many per period of the calendar; what is left at its end is lost.")
    public record Quota(
            @Doc("How many.") @Range(min = "1", max = "4000000000")
            long amount,

            @Doc("`day` or `month`.") Measure.Period per,

            @Doc("The time zone whose days and months count, such as `Europe/Berlin`.") @Default("UTC")
            String zone) {
        public Quota {
            try {
                ZoneId.of(zone);
            } catch (DateTimeException e) {
                throw new IllegalArgumentException(
                        "zone: " + zone + " (expected: a time zone such as Europe/Berlin)", e);
            }
        }

        /// What it is to counters.
        public Measure.Quota measure() {
            return new Measure.Quota(amount, per, ZoneId.of(zone));
        }
    }

    /// How many bits of an address count.
    @Doc("How many leading bits of an address count.")
    public record Prefix(
            @Doc("Of an IPv4 address. Left out: 32, with `client.network` 24.") @Nullable @Range(min = "8", max = "32")
            Integer ipv4,

            @Doc("Of an IPv6 address. Left out: 64, with `client.network` 48. One caller may well have all of a /64.")
            @Nullable
            @Range(min = "16", max = "128")
            Integer ipv6) {}

    /// Which methods count.
    public sealed interface Methods {}

    /// Methods by what they are for.
    public enum Kind implements Methods {
        @Doc("`GET`, `HEAD`, `OPTIONS`: methods that change nothing.")
        READING,
        @Doc("All others.")
        MODIFYING
    }

    /// Methods one by one.
    @Doc("Methods one by one.")
    @Shorthand("methods")
    public record Listed(@Doc("Their names.") @Verbatim List<Method> methods) implements Methods {}
}
