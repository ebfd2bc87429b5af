package dev.sallyport.dataplane.admit;

import dev.sallyport.api.exchange.Decision;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.LocalResponse;
import dev.sallyport.api.exchange.Phase;
import dev.sallyport.api.exchange.Policy;
import dev.sallyport.api.http.Headers;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Tells clients which authorization servers' tokens a host takes (RFC 9728 §2 and §3).
///
/// The `resource` is the public URL of the host asked, so that it is what the client looked for (§3.3).
public final class ResourceMetadata implements Policy {
    /// Where it is found.
    public static final String PATH = "/.well-known/oauth-protected-resource";

    private static final Headers JSON = Headers.of("content-type", "application/json", "cache-control", "max-age=300");

    private final List<Protected> resources;

    /// A route whose callers show tokens.
    ///
    /// @param hosts   as the route matches them, empty for every host
    /// @param servers issuers of tokens
    public record Protected(List<String> hosts, List<String> servers) {}

    public ResourceMetadata(List<Protected> resources) {
        this.resources = List.copyOf(resources);
    }

    @Override
    public Phase phase() {
        return Phase.ANSWER;
    }

    @Override
    public boolean foreseeable() {
        return true;
    }

    @Override
    public Decision decide(Exchange exchange) {
        String host = exchange.request().authority().host();
        Set<String> servers = new LinkedHashSet<>();
        for (Protected one : resources) {
            if (one.hosts().isEmpty() || one.hosts().stream().anyMatch(name -> covers(name, host))) {
                servers.addAll(one.servers());
            }
        }
        StringBuilder json = new StringBuilder("{\"resource\":");
        text(json, exchange.publicUrl()).append(",\"authorization_servers\":[");
        String between = "";
        for (String server : servers) {
            text(json.append(between), server);
            between = ",";
        }
        json.append("],\"bearer_methods_supported\":[\"header\"]}\n");
        return new Decision.Answer(new LocalResponse(200, JSON, json.toString().getBytes(StandardCharsets.UTF_8)));
    }

    private static boolean covers(String name, String host) {
        return name.startsWith("*.") ? host.endsWith(name.substring(1)) : name.equals(host);
    }

    /// Authorities and issuers hold neither quotes nor controls once they were read; what does is left out.
    private static StringBuilder text(StringBuilder json, String value) {
        json.append('"');
        value.chars().filter(c -> c >= ' ' && c != '"' && c != '\\').forEach(c -> json.append((char) c));
        return json.append('"');
    }
}
