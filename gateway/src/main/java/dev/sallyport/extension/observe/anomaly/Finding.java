package dev.sallyport.extension.observe.anomaly;

import java.time.Instant;
import java.util.List;
import java.util.Locale;

/// Something that is unlike the past.
///
/// @param subject  what it is about: `route orders`, `203.0.113.0/24`
/// @param since    when it was first found
/// @param distance how far from usual it is, as a multiple of how far it must be to be told
/// @param text     what it is, in a sentence
/// @param requests ids of some of the requests
public record Finding(Kind kind, String subject, Instant since, double distance, String text, List<String> requests) {
    /// What can be found.
    public enum Kind {
        /// Many more failed authentications than usual.
        LOGIN_SPIKE,
        /// One network tries many accounts, a few times each.
        PASSWORD_SPRAYING,
        /// Many networks that were never seen fail to authenticate at the same time, a few times each.
        DISTRIBUTED_LOGINS,
        /// One network asks for many things that are not there.
        SCANNING,
        /// A route's answers are of other kinds than usual.
        STATUS_MIX,
        /// A route takes longer than usual.
        LATENCY;

        /// As it is written.
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    public Finding {
        requests = List.copyOf(requests);
    }
}
