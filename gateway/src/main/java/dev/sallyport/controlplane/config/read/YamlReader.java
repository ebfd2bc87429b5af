package dev.sallyport.controlplane.config.read;

import dev.sallyport.controlplane.config.Mark;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/// Reads one YAML 1.2 document, strictly: no tags, no duplicate keys, bounded depth, size and aliases (threat
/// AD-07).
final class YamlReader {
    static final int MOST_OCTETS = 16 << 20;
    static final int MOST_DEPTH = 32;
    static final int MOST_ALIASES = 100;
    static final int MOST_NODES = 2_000_000;

    private final String file;
    private final String expected;
    private final Problems problems;
    private final Map<Anchor, Anchored> anchors = new HashMap<>();
    private String document = "";
    private int aliases;
    private int nodes;

    private record Anchored(Node node, int size) {}

    /// Ends reading: the problem is noted and nothing sensible can follow.
    private static final class Unreadable extends Exception {
        private static final long serialVersionUID = 1L;
    }

    YamlReader(String file, Problems problems) {
        this(file, "at least `version: 1`; `sallyport init` writes an example", problems);
    }

    /// @param expected in the place of nothing
    YamlReader(String file, String expected, Problems problems) {
        this.file = file;
        this.expected = expected;
        this.problems = problems;
    }

    /// The document's value, or null when there is none to work with.
    @Nullable
    Node read(String text) {
        document = text;
        LoadSettings settings = LoadSettings.builder()
                .setLabel(file)
                .setCodePointLimit(MOST_OCTETS)
                .setUseMarks(true)
                .build();
        try {
            Iterator<Event> events = new Parse(settings).parseString(text).iterator();
            return document(events);
        } catch (MarkedYamlEngineException e) {
            Mark at = e.getProblemMark().map(this::mark).orElse(Mark.of(file));
            problems.error(at, "", "not valid YAML: " + e.getProblem(), e.getContext() == null ? "" : e.getContext());
        } catch (ReaderException e) {
            Mark at = position(text, e.getPosition());
            problems.error(at, "", String.format("character U+%04X", e.getCodePoint()), "expected: printable text");
        } catch (YamlEngineException e) {
            problems.error(Mark.of(file), "", "not valid YAML: " + e.getMessage(), "");
        } catch (Unreadable noted) {
            // already noted
        }
        return null;
    }

    private @Nullable Node document(Iterator<Event> events) throws Unreadable {
        Node root = null;
        int documents = 0;
        while (events.hasNext()) {
            Event event = events.next();
            switch (event) {
                case DocumentStartEvent start -> {
                    documents++;
                    if (documents > 1) {
                        throw unreadable(at(start), "a second document", "expected: one document per file");
                    }
                    if (start.getSpecVersion().isPresent() || !start.getTags().isEmpty()) {
                        throw unreadable(at(start), "a % directive", "expected: none; the language is YAML 1.2");
                    }
                }
                case NodeEvent node -> root = node(node, events, 0);
                default -> {}
            }
        }
        if (root == null || (root instanceof Node.Scalar scalar && scalar.isNull())) {
            throw unreadable(Mark.of(file), "empty", "expected: " + expected);
        }
        return root;
    }

    private Node node(NodeEvent event, Iterator<Event> events, int depth) throws Unreadable {
        Mark at = at(event);
        if (event instanceof AliasEvent alias) {
            return alias(alias, at);
        }
        if (depth > MOST_DEPTH) {
            throw unreadable(at, "nested too deep", "expected: at most " + MOST_DEPTH + " levels");
        }
        int before = nodes;
        count(1, at);
        Node node = switch (event) {
            case ScalarEvent scalar -> {
                refuseTag(scalar.getTag(), at);
                yield new Node.Scalar(at, scalar.getValue(), scalar.isPlain(), source(scalar, at));
            }
            case SequenceStartEvent start -> {
                refuseTag(start.getTag(), at);
                yield sequence(at, events, depth);
            }
            case MappingStartEvent start -> {
                refuseTag(start.getTag(), at);
                yield mapping(at, events, depth);
            }
            default -> throw new IllegalStateException("event: " + event + " (expected: a node)");
        };
        event.getAnchor().ifPresent(anchor -> anchors.put(anchor, new Anchored(node, nodes - before)));
        return node;
    }

    private @Nullable ScalarSource source(ScalarEvent scalar, Mark at) {
        if (scalar.getStartMark().isEmpty() || scalar.getEndMark().isEmpty()) {
            return null;
        }
        int start = scalar.getStartMark().get().getIndex();
        return new ScalarSource(document, start, scalar.getEndMark().get().getIndex(), at, scalar.getValue());
    }

    private Node alias(AliasEvent event, Mark at) throws Unreadable {
        aliases++;
        if (aliases > MOST_ALIASES) {
            throw unreadable(at, "too many aliases", "expected: at most " + MOST_ALIASES);
        }
        // inside its own anchor an alias is unknown too, so there are no cycles
        Anchored anchored = anchors.get(event.getAlias());
        if (anchored == null) {
            throw unreadable(at, "unknown anchor *" + event.getAlias(), "expected: an anchor that ends before");
        }
        count(anchored.size, at);
        return anchored.node;
    }

    private Node sequence(Mark at, Iterator<Event> events, int depth) throws Unreadable {
        List<Node> items = new ArrayList<>();
        Event event = events.next();
        while (event.getEventId() != Event.ID.SequenceEnd) {
            items.add(node((NodeEvent) event, events, depth + 1));
            event = events.next();
        }
        return new Node.Sequence(at, items);
    }

    private Node mapping(Mark at, Iterator<Event> events, int depth) throws Unreadable {
        Map<String, Node.Entry> entries = new java.util.LinkedHashMap<>();
        Event event = events.next();
        while (event.getEventId() != Event.ID.MappingEnd) {
            Node key = node((NodeEvent) event, events, depth + 1);
            Mark keyAt = at(event);
            Node value = node((NodeEvent) events.next(), events, depth + 1);
            if (!(key instanceof Node.Scalar scalar) || scalar.isNull()) {
                problems.error(keyAt, "", key.kind() + " as a key", "expected: text");
            } else {
                Node.Entry first = entries.putIfAbsent(scalar.text(), new Node.Entry(keyAt, scalar.text(), value));
                if (first != null) {
                    problems.error(
                            keyAt,
                            "",
                            "`" + scalar.text() + "` is written twice in one map",
                            "first in line " + first.at().line());
                }
            }
            event = events.next();
        }
        return new Node.Mapping(at, List.copyOf(entries.values()));
    }

    private void refuseTag(Optional<String> tag, Mark at) throws Unreadable {
        if (tag.isPresent()) {
            throw unreadable(at, "the tag " + tag.get(), "expected: no tags");
        }
    }

    private void count(int more, Mark at) throws Unreadable {
        nodes += more;
        if (nodes > MOST_NODES) {
            throw unreadable(at, "too many values", "expected: at most " + MOST_NODES + ", aliases counted out");
        }
    }

    private Unreadable unreadable(Mark at, String message, String hint) {
        problems.error(at, "", message, hint);
        return new Unreadable();
    }

    private Mark at(Event event) {
        return event.getStartMark().map(this::mark).orElse(Mark.of(file));
    }

    private Mark mark(org.snakeyaml.engine.v2.exceptions.Mark mark) {
        return new Mark(file, mark.getLine() + 1, mark.getColumn() + 1);
    }

    private Mark position(String text, int index) {
        int line = 1;
        int column = 1;
        for (int i = 0; i < Math.min(index, text.length()); i++) {
            if (text.charAt(i) == '\n') {
                line++;
                column = 1;
            } else {
                column++;
            }
        }
        return new Mark(file, line, column);
    }
}
