package dev.sallyport.extension.condition.value;

import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;
import dev.cel.runtime.CelVariableResolver;
import dev.sallyport.api.exchange.Exchange;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a condition may ask of an exchange, by name. One evaluation's; the time stands still in it.
public final class Variables implements CelVariableResolver {
    private static final CelType TEXTS = MapType.create(SimpleType.STRING, SimpleType.STRING);
    private static final CelType LISTS = MapType.create(SimpleType.STRING, ListType.create(SimpleType.STRING));

    /// Every variable with its type.
    public static final Map<String, CelType> TYPES = Map.ofEntries(
            Map.entry("authenticated", SimpleType.BOOL),
            Map.entry("principal", PrincipalFacts.TYPE),
            Map.entry("request", RequestFacts.TYPE),
            Map.entry("path", TEXTS),
            Map.entry("query", TEXTS),
            Map.entry("query_all", LISTS),
            Map.entry("headers", TEXTS),
            Map.entry("headers_all", LISTS),
            Map.entry("client", ClientFacts.TYPE),
            Map.entry("time", TimeFacts.TYPE),
            Map.entry("behaviour", BehaviourFacts.TYPE));

    /// The types of things with fields.
    public static final List<StructType> STRUCTURES = List.of(
            PrincipalFacts.TYPE,
            CredentialFacts.TYPE,
            RequestFacts.TYPE,
            ClientFacts.TYPE,
            CertificateFacts.TYPE,
            TimeFacts.TYPE,
            BehaviourFacts.TYPE);

    private final Exchange exchange;
    private final InstantSource clock;
    private Optional<Object> time = Optional.empty();

    public Variables(Exchange exchange, InstantSource clock) {
        this.exchange = exchange;
        this.clock = clock;
    }

    @Override
    public Optional<Object> find(String name) {
        return switch (name) {
            case "authenticated" -> Optional.of(exchange.principal() != null);
            case "principal" -> Optional.of(new PrincipalFacts(exchange.principal()));
            case "request" -> Optional.of(new RequestFacts(exchange));
            case "path" -> Optional.of(new PathValues(exchange));
            case "query" -> Optional.of(new QueryValues(exchange.request().query(), false));
            case "query_all" -> Optional.of(new QueryValues(exchange.request().query(), true));
            case "headers" -> Optional.of(new HeaderValues(exchange.request().headers(), false));
            case "headers_all" ->
                Optional.of(new HeaderValues(exchange.request().headers(), true));
            case "client" -> Optional.of(new ClientFacts(exchange));
            case "time" -> time();
            case "behaviour" -> Optional.of(new BehaviourFacts(exchange.conduct()));
            default -> Optional.empty();
        };
    }

    private Optional<Object> time() {
        if (time.isEmpty()) {
            time = Optional.of(new TimeFacts(clock.instant()));
        }
        return time;
    }
}
