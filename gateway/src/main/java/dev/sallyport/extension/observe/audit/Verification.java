package dev.sallyport.extension.observe.audit;

import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.telemetry.AuditEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A check of an audit log from its first line to its last; used once.
///
/// Each line is checked against the hash that the line before states, so that a change is found where it was made.
@OffLoop("a command")
public final class Verification {
    private static final int MOST_PROBLEMS = 100;

    /// Entries that say of themselves that the log is not all there could be.
    private static final Set<String> TOLD =
            Set.of(AuditEntry.LOST.code(), AuditEntry.CUT.code(), AuditEntry.DAMAGED.code(), AuditEntry.REMOVED.code());

    private final Options options;
    private final List<Problem> problems = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private long found;
    private long lines;
    private @Nullable Point last;
    private @Nullable Point begins;
    /// How lines of the present file are sealed; null when that is not known.
    private @Nullable Seal seal;
    private boolean unfinished;
    private List<Point> landmarks = List.of();

    /// A line by its number and hash.
    @SuppressWarnings("ArrayRecordComponent") // compared nowhere
    public record Point(long sequence, byte[] hash) {
        /// Reads `N:HASH`.
        ///
        /// @throws IllegalArgumentException when `text` is not of this form
        public static Point parse(String text) {
            int colon = text.indexOf(':');
            byte[] hash = colon < 1 ? null : SealedLine.hash(text.substring(colon + 1));
            if (hash == null || !text.substring(0, colon).matches("\\d{1,18}")) {
                throw new IllegalArgumentException(text + " (expected: NUMBER:HASH, the hash of 64 digits)");
            }
            return new Point(Long.parseLong(text.substring(0, colon)), hash);
        }

        @Override
        public String toString() {
            return sequence + ":" + HexFormat.of().formatHex(hash);
        }
    }

    /// What is wrong, and where.
    ///
    /// @param file of the line, or of the whole
    /// @param line counted in the file from 1, 0 for the whole
    public record Problem(Path file, long line, Kind kind, String message) {}

    /// What can be wrong.
    public enum Kind {
        BEGINNING,
        BROKEN_LINE,
        CHANGED,
        GAP,
        DUPLICATE,
        ORDER,
        TRUNCATED,
        KEY
    }

    /// What to check with.
    ///
    /// @param keys       what lines may be sealed with; empty for lines that are sealed without
    /// @param after      the line that the first one has to follow, or null
    /// @param expectLast a line that has to be there, whatever follows it, or null
    /// @param heads      whether head files beside the files are believed and needed to match
    public record Options(
            List<String> keys,
            @Nullable Point after,
            @Nullable Point expectLast,
            boolean heads) {
        public Options {
            keys = List.copyOf(keys);
        }
    }

    /// What was found.
    ///
    /// @param more     problems beside those listed
    /// @param notes    what is no problem but worth to know
    /// @param begins   the line before the first one
    /// @param last     the last line, or null
    public record Result(
            List<Problem> problems,
            long more,
            List<String> notes,
            long lines,
            @Nullable Point begins,
            @Nullable Point last) {
        public boolean intact() {
            return problems.isEmpty();
        }
    }

    private Verification(Options options) {
        this.options = options;
    }

    /// Checks `files`, all of one audit log, in the order of their lines.
    ///
    /// @throws IOException a file cannot be read: nothing is known then
    public static Result of(List<Path> files, Options options) throws IOException {
        return new Verification(options).run(files);
    }

    private Result run(List<Path> files) throws IOException {
        Path whole = files.getLast();
        // the head first: a gateway that runs may write on while the files are read
        Point head = options.heads() ? head(files) : null;
        Point expected = options.expectLast();
        landmarks = Stream.of(head, expected).filter(Objects::nonNull).toList();
        for (Path file : inOrder(files)) {
            file(file);
        }
        reaches(whole, head, "the head file says that there is");
        reaches(whole, expected, "expected is");
        if (options.heads() && head == null && expected == null) {
            notes.add("there is no head file beside the log: that lines are missing at its end cannot be seen");
        }
        if (unfinished) {
            String what = "the last line is unfinished";
            if (!landmarks.isEmpty()) {
                notes.add(what + ": its writer is at work, or was stopped");
            } else {
                problem(whole, 0, Kind.TRUNCATED, what);
            }
        }
        return new Result(problems, Math.max(0, found - problems.size()), notes, lines, begins, last);
    }

    private static @Nullable Point head(List<Path> files) throws IOException {
        for (Path file : files) {
            Head head = Head.of(OldFiles.log(file.toAbsolutePath()));
            if (head != null) {
                return new Point(head.sequence(), head.hash());
            }
        }
        return null;
    }

    private static List<Path> inOrder(List<Path> files) throws IOException {
        record Begun(Path file, long first) {}
        List<Begun> begun = new ArrayList<>();
        for (Path file : files) {
            begun.add(new Begun(file, first(file)));
        }
        return begun.stream()
                .sorted(Comparator.comparingLong(Begun::first))
                .map(Begun::file)
                .toList();
    }

    /// The number of the first line that has one.
    private static long first(Path file) throws IOException {
        try (LineReader in = LineReader.of(file)) {
            byte[] octets;
            while ((octets = in.next()) != null) {
                SealedLine line = SealedLine.of(octets);
                if (line != null) {
                    return line.sequence();
                }
            }
        }
        return Long.MAX_VALUE;
    }

    private void file(Path file) throws IOException {
        if (Files.size(file) == 0) {
            return;
        }
        try (LineReader in = LineReader.of(file)) {
            byte[] octets;
            long number = 0;
            long broken = 0;
            while ((octets = in.next()) != null) {
                number++;
                if (!in.ended()) {
                    unfinished = true;
                    return;
                }
                SealedLine line = SealedLine.of(octets);
                if (line == null) {
                    broken++;
                    problem(file, number, Kind.BROKEN_LINE, "no line of an audit log");
                    continue;
                }
                lines++;
                if (number == 1 || last == null) {
                    opening(file, number, line);
                }
                check(file, number, line, broken);
                broken = 0;
                tell(line);
                last = new Point(line.sequence(), line.hash());
            }
        }
    }

    /// The first line of a file: which key the file has and, of the very first, what it goes on from.
    private void opening(Path file, long number, SealedLine line) {
        byte[] previous = line.previous();
        if (previous == null) {
            problem(file, number, Kind.BEGINNING, "the file does not begin with an audit_log.opened entry");
            return;
        }
        sealFor(file, number, line.keyId());
        if (last != null) {
            return;
        }
        Point before = new Point(line.sequence() - 1, previous);
        Point after = options.after();
        if (after != null) {
            if (after.sequence() != before.sequence() || !Seal.same(after.hash(), before.hash())) {
                problem(file, number, Kind.BEGINNING, "it follows " + before + ", not " + after);
            }
        } else if (before.sequence() > 0) {
            notes.add("it begins after line " + before.sequence() + ": older files are not among those given");
        } else if (!Seal.same(previous, Seal.beginning())) {
            problem(file, number, Kind.BEGINNING, "line 1 does not begin a chain");
        }
        begins = before;
        last = before;
    }

    private void sealFor(Path file, long number, String keyId) {
        seal = null;
        for (String key : options.keys()) {
            Seal one = Seal.of(key);
            if (one.keyId().equals(keyId)) {
                seal = one;
            }
        }
        if (keyId.isEmpty() && options.keys().isEmpty()) {
            seal = Seal.of(null);
        } else if (seal == null) {
            String with = keyId.isEmpty() ? "sealed without a key" : "sealed with the key " + keyId;
            problem(file, number, Kind.KEY, with + " (expected: " + expectedKeys() + ")");
        }
    }

    private String expectedKeys() {
        return options.keys().isEmpty()
                ? "that key, by --key"
                : options.keys().stream().map(key -> Seal.of(key).keyId()).collect(Collectors.joining(" or "));
    }

    private void check(Path file, long number, SealedLine line, long broken) {
        Point before = last;
        if (before == null) {
            return;
        }
        long sequence = line.sequence();
        if (sequence == before.sequence()) {
            problem(file, number, Kind.DUPLICATE, "line " + sequence + " a second time");
        } else if (sequence < before.sequence()) {
            problem(file, number, Kind.ORDER, "line " + sequence + " behind line " + before.sequence());
        } else if (sequence > before.sequence() + 1 + broken) {
            long missing = sequence - before.sequence() - 1 - broken;
            problem(
                    file,
                    number,
                    Kind.GAP,
                    missing + (missing == 1 ? " line is" : " lines are") + " missing between line " + before.sequence()
                            + " and line " + sequence);
        } else if (sequence == before.sequence() + 1 && seal != null && !line.follows(before.hash(), seal)) {
            problem(file, number, Kind.CHANGED, "line " + sequence + " or the hash before it was changed");
        }
        for (Point landmark : landmarks) {
            if (landmark.sequence() == sequence && !Seal.same(landmark.hash(), line.hash())) {
                problem(file, number, Kind.CHANGED, "line " + sequence + " is not the one that it was");
            }
        }
    }

    private void tell(SealedLine line) {
        String event = line.text("event");
        if (event != null && TOLD.contains(event) && notes.size() < MOST_PROBLEMS) {
            notes.add("line " + line.sequence() + " says " + event);
        }
    }

    private void reaches(Path file, @Nullable Point point, String who) {
        Point end = last;
        if (point != null && (end == null ? 0 : end.sequence()) < point.sequence()) {
            problem(
                    file,
                    0,
                    Kind.TRUNCATED,
                    who + " a line " + point.sequence() + "; the last one is "
                            + (end == null ? "none" : "line " + end.sequence()));
        }
    }

    private void problem(Path file, long line, Kind kind, String message) {
        found++;
        if (problems.size() < MOST_PROBLEMS) {
            problems.add(new Problem(file, line, kind, message));
        }
    }
}
