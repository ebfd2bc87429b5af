package dev.sallyport.controlplane.revocation;

import dev.sallyport.controlplane.admin.AdminEndpoint;
import dev.sallyport.controlplane.admin.AdminEndpoints;
import dev.sallyport.controlplane.admin.AdminRequest;
import dev.sallyport.controlplane.admin.AdminResponse;
import dev.sallyport.controlplane.admin.Json;
import dev.sallyport.controlplane.config.ConfigProblem;
import dev.sallyport.controlplane.config.read.RecordReader;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/// What the admin listener offers about revocation.
public final class RevocationEndpoints {
    private static final String PATH = "/revocations";
    private static final String ID = "id=";

    private final RevocationWatch watch;
    private final InstantSource clock;

    public RevocationEndpoints(RevocationWatch watch, InstantSource clock) {
        this.watch = watch;
        this.clock = clock;
    }

    /// Every endpoint.
    public List<AdminEndpoint> all() {
        return List.of(
                AdminEndpoint.of("GET", PATH, this::list),
                AdminEndpoint.of("POST", PATH, this::revoke),
                AdminEndpoint.of("DELETE", PATH, this::undo));
    }

    private AdminResponse list(AdminRequest request) {
        if (request.asksForText()) {
            StringBuilder text = new StringBuilder();
            watch.byOperators().forEach(one -> line(text, one, "operator"));
            watch.byClients().forEach(one -> line(text, one, "client"));
            watch.byList().forEach(one -> line(text, one, "list"));
            return AdminResponse.text(200, text.isEmpty() ? "nothing is revoked\n" : text.toString());
        }
        List<Json> entries = new ArrayList<>();
        watch.byOperators().forEach(one -> entries.add(json(one, "operator")));
        watch.byClients().forEach(one -> entries.add(json(one, "client")));
        watch.byList().forEach(one -> entries.add(json(one, "list")));
        return AdminResponse.json(
                200,
                new Json()
                        .put("revocations", entries)
                        .put("age-seconds", watch.age().toSeconds()));
    }

    private static void line(StringBuilder text, Revocation one, String source) {
        text.append(one.id()).append("  ").append(source).append("  ").append(one);
        if (!one.reason().isEmpty()) {
            text.append("  (").append(one.reason()).append(')');
        }
        text.append('\n');
    }

    private static Json json(Revocation one, String source) {
        Json json = new Json().put("id", one.id()).put("source", source);
        one.what().forEach(json::put);
        return one.reason().isEmpty() ? json : json.put("reason", one.reason());
    }

    private AdminResponse revoke(AdminRequest request) {
        if (!"application/json".equalsIgnoreCase(request.contentType())) {
            return AdminResponse.problem(
                    415, "admin-content-type", "Unknown content type", "Send Content-Type: application/json.");
        }
        RecordReader.Outcome<Revocation> read = RecordReader.json("body", request.body(), Revocation.class);
        Revocation revocation = read.value();
        if (revocation == null) {
            return refused(read.problems());
        }
        if (revocation.past(clock.instant())) {
            return AdminResponse.problem(
                    422, "revocation-past", "Nothing to revoke", "`expires` has passed: " + revocation.expires());
        }
        try {
            watch.revoke(revocation);
        } catch (IOException e) {
            return failed(e);
        }
        return request.asksForText()
                ? AdminResponse.text(201, "revoked " + revocation.id() + "  " + revocation + "\n")
                : AdminResponse.json(201, json(revocation, "operator"));
    }

    private static AdminResponse refused(List<ConfigProblem> problems) {
        StringBuilder detail = new StringBuilder();
        problems.forEach(problem -> detail.append(detail.isEmpty() ? "" : "; ").append(problem));
        return AdminResponse.problem(
                422,
                Json.problem(422, "revocation-refused", "Not a revocation", detail.toString())
                        .put("problems", AdminEndpoints.problems(problems)));
    }

    private static AdminResponse failed(IOException e) {
        return AdminResponse.problem(503, "revocation-not-kept", "Could not be kept", String.valueOf(e.getMessage()));
    }

    private AdminResponse undo(AdminRequest request) {
        String query = request.query();
        if (!query.startsWith(ID)) {
            return AdminResponse.problem(
                    400, "revocation-unnamed", "Which one?", "Say which: " + PATH + "?id=ID, with an id of the list.");
        }
        String id = query.substring(ID.length());
        try {
            if (watch.undo(id)) {
                return request.asksForText()
                        ? AdminResponse.text(200, "undone " + id + "\n")
                        : AdminResponse.json(200, new Json().put("undone", id));
            }
        } catch (IOException e) {
            return failed(e);
        }
        return AdminResponse.problem(
                404,
                "revocation-unknown-id",
                "No such revocation",
                "No operator made a revocation of this id; what the list file says is changed in the file.");
    }
}
