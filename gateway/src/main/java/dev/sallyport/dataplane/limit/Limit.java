package dev.sallyport.dataplane.limit;

import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.expression.EvaluationException;
import dev.sallyport.api.expression.Value;
import dev.sallyport.api.http.Method;
import dev.sallyport.api.limit.Layer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One limit of the configuration: by what it counts, what each key may have, and what it has counted so far. Routes
/// that
/// name the same limit count together.
public final class Limit {
    /// In the place of a cost that nobody knows.
    static final long UNKNOWN = -1;

    private static final long FALLBACK = 0xfa11;
    private static final KeyPart ADDRESS = new KeyPart.Source(32, 64);
    private static final String SEPARATOR = " + ";

    private final String name;
    private final List<KeyPart> key;
    private final Layer[] layers;
    private final Terms terms;
    private final boolean ofSource;
    private final boolean shown;
    private final LimitFigures figures;
    private final TopKeys top;

    /// What else a limit says.
    ///
    /// @param methods    that it counts; empty for all
    /// @param cost       what a request costs where `costValue` is null
    /// @param costValue  says what a request costs
    /// @param trial      whether it refuses nothing and only reports
    /// @param shownOrNot whether callers are told what is left of it; null when only of what is their own
    public record Terms(
            Set<Method> methods,
            long cost,
            @Nullable Value costValue,
            boolean trial,
            @Nullable Boolean shownOrNot) {
        public Terms {
            methods = Set.copyOf(methods);
        }
    }

    /// @param key    parts of which all together are the key
    /// @param layers what each key may have
    /// @param before whose figures go on; null for none
    public Limit(String name, List<KeyPart> key, List<Layer> layers, Terms terms, @Nullable Limit before) {
        this.name = name;
        this.key = List.copyOf(key);
        this.layers = layers.toArray(Layer[]::new);
        this.terms = terms;
        this.ofSource = key.stream().anyMatch(KeyPart::ofSource)
                && key.stream().allMatch(part -> part.ofSource() || part.shared() || part instanceof KeyPart.Field)
                && (terms.costValue == null || !terms.costValue.asksCaller());
        Boolean told = terms.shownOrNot;
        this.shown = told != null ? told : !key.stream().allMatch(KeyPart::shared);
        this.figures = before == null ? new LimitFigures() : before.figures;
        this.top = before == null ? new TopKeys() : before.top;
    }

    public String name() {
        return name;
    }

    public List<KeyPart> key() {
        return key;
    }

    public List<Layer> layers() {
        return List.of(layers);
    }

    public Terms terms() {
        return terms;
    }

    /// Whether it is judged before the caller is known.
    public boolean ofSource() {
        return ofSource;
    }

    /// Whether callers are told what is left of it.
    public boolean shown() {
        return shown;
    }

    public LimitFigures figures() {
        return figures;
    }

    public TopKeys top() {
        return top;
    }

    Layer[] layersOnLoop() {
        return layers;
    }

    boolean trial() {
        return terms.trial;
    }

    /// Whether requests with `method` count.
    public boolean counts(Method method) {
        return terms.methods.isEmpty() || terms.methods.contains(method);
    }

    /// What `exchange` costs, [#UNKNOWN] when nobody can say.
    long cost(Exchange exchange) {
        Value value = terms.costValue;
        if (value == null) {
            return terms.cost;
        }
        try {
            return Math.max(UNKNOWN, value.number(exchange));
        } catch (EvaluationException e) {
            return UNKNOWN;
        }
    }

    /// Hashes the key of `exchange`. One that lacks a part is counted by its address: to leave something out never sets
    /// anybody free (threat RL-05).
    void hash(Exchange exchange, KeyHash hash) {
        hash.begin();
        for (int i = 0; i < key.size(); i++) {
            if (!key.get(i).addTo(hash, exchange)) {
                hash.begin().add(FALLBACK);
                ADDRESS.addTo(hash, exchange);
                break;
            }
        }
        hash.end();
    }

    /// Hashes the key that an operator means by `text`; false when this limit has no such key.
    boolean hash(String text, KeyHash hash) {
        hash.begin();
        String[] parts = key.size() == 1 ? new String[] {text} : split(text);
        boolean whole = parts.length == key.size();
        for (int i = 0; whole && i < parts.length; i++) {
            whole = key.get(i).addTo(hash, parts[i].strip());
        }
        if (!whole) {
            if (key.getFirst().ofSource() && key.size() == 1) {
                return false;
            }
            hash.begin().add(FALLBACK);
            if (!ADDRESS.addTo(hash, text.strip())) {
                return false;
            }
        }
        hash.end();
        return true;
    }

    private static String[] split(String text) {
        List<String> parts = new ArrayList<>();
        int from = 0;
        for (int at; (at = text.indexOf(SEPARATOR, from)) >= 0; from = at + SEPARATOR.length()) {
            parts.add(text.substring(from, at));
        }
        parts.add(text.substring(from));
        return parts.toArray(String[]::new);
    }

    /// The key of `exchange` as operators see it.
    public String keyText(Exchange exchange) {
        StringBuilder text = new StringBuilder();
        for (KeyPart part : key) {
            String one = part.text(exchange);
            if (one == null) {
                return String.valueOf(ADDRESS.text(exchange));
            }
            text.append(text.isEmpty() ? "" : SEPARATOR).append(one);
        }
        return text.toString();
    }

    @Override
    public String toString() {
        return name;
    }
}
