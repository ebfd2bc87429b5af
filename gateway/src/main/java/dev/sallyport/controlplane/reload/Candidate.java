package dev.sallyport.controlplane.reload;

import dev.sallyport.controlplane.config.ConfigProblem;
import java.util.List;

/// What a [ConfigLoader] found.
public sealed interface Candidate {
    /// The same as what is in use.
    record Same() implements Candidate {}

    /// Unusable; nothing was changed and nothing is held.
    record Unusable(List<ConfigProblem> problems) implements Candidate {
        public Unusable {
            problems = List.copyOf(problems);
        }
    }

    /// Usable, with all it needs in hand.
    ///
    /// @param warnings what is hardly meant as it is written
    /// @param use      puts it into use, at once and without fail; the old one retires
    record Ready(String digest, List<ConfigProblem> warnings, Runnable use) implements Candidate {
        public Ready {
            warnings = List.copyOf(warnings);
        }
    }
}
