package dev.sallyport.controlplane.posture;

/// Something that is looked for in configurations.
///
/// @param id    stable, such as `SP-A001`; never used for another rule
/// @param name  stable, in one word
/// @param title what is found, in a few words
/// @param why   why it matters
/// @param right what would be right
/// @param check finds it
public record Rule(String id, String name, Severity severity, String title, String why, String right, Check check) {
    /// Looks for one thing in a configuration.
    @FunctionalInterface
    public interface Check {
        void look(Subject subject, Report report);
    }

    /// Takes what is found.
    @FunctionalInterface
    public interface Report {
        /// Takes one finding.
        ///
        /// @param path of the key, such as `routes.orders.access`
        /// @param what with the value; never a resolved secret
        void found(String path, String what);
    }
}
