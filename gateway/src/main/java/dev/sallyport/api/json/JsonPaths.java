package dev.sallyport.api.json;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Places in JSON that hold secrets, written in a small part of JSONPath (RFC 9535): `$`, `.name`, `..name`,
/// `['name']`,
/// `[*]` and `[n]`. Immutable.
///
/// All paths are followed at once: a set of places is a number whose bits say which step of which path comes next.
/// Names
/// are compared without regard to the case of ASCII letters, as some readers of JSON do; they are to be given folded
/// so.
public final class JsonPaths {
    /// How many steps all paths may have together.
    public static final int MOST_STEPS = 63;

    /// How many octets a name may have.
    public static final int LONGEST_NAME = 128;

    private static final String EXPECTED = "a path of $, .name, ..name, ['name'], [*] and [n], such as $..password";
    private static final long SECRET = 1L << MOST_STEPS;
    private static final int ANY = -1;
    private static final int BY_NAME = -2;

    private final Step[] steps;
    private final long root;

    /// @param name   folded, empty unless by name
    /// @param index  of an array's element, or [#ANY], or [#BY_NAME]
    /// @param deep   whether it may lie at any depth below
    /// @param last   whether the path ends with it
    @SuppressWarnings("ArrayRecordComponent") // compared nowhere
    private record Step(byte[] name, int index, boolean deep, boolean last) {}

    /// No places at all.
    public static final JsonPaths NONE = new JsonPaths(List.of(), 0);

    private JsonPaths(List<Step> steps, long root) {
        this.steps = steps.toArray(Step[]::new);
        this.root = root;
    }

    /// The places that `paths` lead to.
    ///
    /// @throws IllegalArgumentException one of them is none, or there are too many; says which and what was
    ///     expected
    public static JsonPaths of(List<String> paths) {
        List<Step> steps = new ArrayList<>();
        long root = 0;
        for (String path : paths) {
            List<Step> more = new Parser(path).steps();
            if (steps.size() + more.size() > MOST_STEPS) {
                throw new IllegalArgumentException(
                        path + " (expected: at most " + MOST_STEPS + " steps in all paths together)");
            }
            root |= more.isEmpty() ? SECRET : 1L << steps.size();
            steps.addAll(more);
        }
        return new JsonPaths(steps, root);
    }

    /// The places that the whole text is at.
    public long root() {
        return root;
    }

    /// Whether what is at `places` is secret.
    public static boolean secret(long places) {
        return places < 0;
    }

    /// Where the member called `name`, folded, of an object at `places` is.
    public long member(long places, byte[] name, int length) {
        long next = 0;
        for (long left = places; left != 0; left &= left - 1) {
            int at = Long.numberOfTrailingZeros(left);
            Step step = steps[at];
            boolean same = step.index == ANY || (step.index == BY_NAME && named(step.name, name, length));
            next |= next(step, at, same);
        }
        return next;
    }

    /// Where element `index` of an array at `places` is.
    public long element(long places, int index) {
        long next = 0;
        for (long left = places; left != 0; left &= left - 1) {
            int at = Long.numberOfTrailingZeros(left);
            Step step = steps[at];
            next |= next(step, at, step.index == ANY || step.index == index);
        }
        return next;
    }

    private static long next(Step step, int at, boolean same) {
        long stays = step.deep ? 1L << at : 0;
        return !same ? stays : stays | (step.last ? SECRET : 1L << (at + 1));
    }

    private static boolean named(byte[] wanted, byte[] name, int length) {
        if (wanted.length != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (wanted[i] != name[i]) {
                return false;
            }
        }
        return true;
    }

    /// Reads one path.
    private static final class Parser {
        private final String path;
        private final List<Step> steps = new ArrayList<>();
        private int at;

        Parser(String path) {
            this.path = path;
        }

        List<Step> steps() {
            if (!path.startsWith("$")) {
                throw wrong();
            }
            at = 1;
            while (at < path.length()) {
                if (taken("..")) {
                    add(name(), BY_NAME, true);
                } else if (taken(".")) {
                    add(name(), BY_NAME, false);
                } else if (taken("[*]")) {
                    add("", ANY, false);
                } else if (taken("['")) {
                    add(quoted(), BY_NAME, false);
                } else if (taken("[")) {
                    add("", index(), false);
                } else {
                    throw wrong();
                }
            }
            if (!steps.isEmpty()) {
                Step end = steps.removeLast();
                steps.add(new Step(end.name, end.index, end.deep, true));
            }
            return steps;
        }

        private void add(String name, int index, boolean deep) {
            byte[] folded = folded(name);
            if (folded.length > LONGEST_NAME) {
                throw new IllegalArgumentException(path + " (expected: names of at most " + LONGEST_NAME + " octets)");
            }
            steps.add(new Step(folded, index, deep, false));
        }

        private static byte[] folded(String name) {
            byte[] octets = name.getBytes(StandardCharsets.UTF_8);
            for (int i = 0; i < octets.length; i++) {
                octets[i] += (byte) (octets[i] >= 'A' && octets[i] <= 'Z' ? 'a' - 'A' : 0);
            }
            return octets;
        }

        private boolean taken(String text) {
            boolean there = path.startsWith(text, at);
            at += there ? text.length() : 0;
            return there;
        }

        private String name() {
            int from = at;
            while (at < path.length() && inName(path.charAt(at), at == from)) {
                at++;
            }
            if (at == from) {
                throw wrong();
            }
            return path.substring(from, at);
        }

        private static boolean inName(char c, boolean first) {
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 0x80;
            return letter || (!first && c >= '0' && c <= '9');
        }

        private String quoted() {
            StringBuilder name = new StringBuilder();
            while (at < path.length() && path.charAt(at) != '\'') {
                if (path.charAt(at) == '\\') {
                    at++;
                    if (at == path.length() || (path.charAt(at) != '\'' && path.charAt(at) != '\\')) {
                        throw wrong();
                    }
                }
                name.append(path.charAt(at++));
            }
            if (name.isEmpty() || !taken("']")) {
                throw wrong();
            }
            return name.toString();
        }

        private int index() {
            int from = at;
            while (at < path.length() && path.charAt(at) >= '0' && path.charAt(at) <= '9') {
                at++;
            }
            int digits = at - from;
            if (digits == 0 || digits > 6 || (digits > 1 && path.charAt(from) == '0') || !taken("]")) {
                throw wrong();
            }
            return Integer.parseInt(path, from, from + digits, 10);
        }

        private IllegalArgumentException wrong() {
            return new IllegalArgumentException(path + " (expected: " + EXPECTED + ")");
        }
    }
}
