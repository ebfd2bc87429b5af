package dev.sallyport.controlplane.config.read;

import dev.sallyport.controlplane.config.Mark;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A value in a YAML document, with its place.
sealed interface Node {
    Mark at();

    /// A word to name it in a message.
    String kind();

    /// A single value.
    ///
    /// @param plain  written without quotes, so that `1`, `true` and `null` are what they look like
    /// @param source how it is written, or null when that is not known
    record Scalar(
            Mark at, String text, boolean plain, @Nullable ScalarSource source) implements Node {
        boolean isNull() {
            return plain && (text.isEmpty() || text.equals("~") || text.equalsIgnoreCase("null"));
        }

        @Override
        public String kind() {
            return isNull() ? "nothing" : text;
        }
    }

    /// A list.
    record Sequence(Mark at, List<Node> items) implements Node {
        @Override
        public String kind() {
            return "a list";
        }
    }

    /// A map; its keys are distinct.
    record Mapping(Mark at, List<Entry> entries) implements Node {
        @Override
        public String kind() {
            return "a map";
        }
    }

    /// One key of a map with its value.
    record Entry(Mark at, String key, Node value) {
        /// Where to point at when the value is wrong: a map or list begins where its key stands.
        Mark valueAt() {
            return value instanceof Scalar scalar && !scalar.isNull() ? scalar.at() : at;
        }
    }
}
