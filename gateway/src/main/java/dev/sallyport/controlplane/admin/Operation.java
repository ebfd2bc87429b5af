package dev.sallyport.controlplane.admin;

import dev.sallyport.controlplane.config.ConfigProblem;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the admin listener tells of the process besides its configuration's history.
public interface Operation {
    /// Whether traffic is welcome, and if not, why not.
    Readiness readiness();

    /// What is being served on which address, by listener name.
    Map<String, InetSocketAddress> listeners();

    /// Every route in use.
    List<RouteLine> routes();

    /// The configuration in use as YAML, secrets masked.
    String configuration();

    /// The configuration before the one in use, in the same form; null while there was none.
    @Nullable
    String configurationBefore();

    /// Looks at what the source of the configuration says now and takes none of it.
    Check check();

    /// What would become of the configuration if it were taken now.
    ///
    /// @param same     whether it is the one in use
    /// @param problems errors, for which it would be refused, and warnings
    /// @param yaml     in the form of [#configuration()]; null when there are errors
    record Check(
            boolean same,
            List<ConfigProblem> problems,
            @Nullable String yaml) {}

    Instant startedAt();

    /// How the audit log is doing; null where there is none.
    @Nullable
    AuditLog auditLog();

    /// An audit log that is written.
    ///
    /// @param state    `writing` or `failing`
    /// @param sequence of the last entry on the disk
    /// @param hash     of the last entry on the disk
    record AuditLog(String state, long sequence, String hash) {}

    /// Whether traffic is welcome.
    enum Readiness {
        READY("ready"),
        STARTING("starting"),
        DRAINING("draining");

        private final String word;

        Readiness(String word) {
            this.word = word;
        }

        /// What people and probes are told.
        public String word() {
            return word;
        }
    }

    /// A route as operators see it.
    ///
    /// @param match  hosts, methods, path and conditions in one line
    /// @param access who may use it: `public` or what is required
    /// @param target what serves it: an upstream's name, or what answers
    record RouteLine(String name, String match, String access, String target) {}
}
