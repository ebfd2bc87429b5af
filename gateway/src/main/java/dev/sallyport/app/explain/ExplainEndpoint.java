package dev.sallyport.app.explain;

import dev.sallyport.controlplane.admin.AdminEndpoint;
import dev.sallyport.controlplane.admin.AdminEndpoints;
import dev.sallyport.controlplane.admin.AdminRequest;
import dev.sallyport.controlplane.admin.AdminResponse;
import dev.sallyport.controlplane.admin.Json;
import dev.sallyport.controlplane.compile.Compiled;
import dev.sallyport.controlplane.config.ConfigProblem;
import dev.sallyport.controlplane.config.read.RecordReader;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// `POST /explain` of the admin listener: a [Question] as JSON, answered by the gateway as it runs.
public final class ExplainEndpoint {
    public static final String PATH = "/explain";

    private final Explainer explainer;
    private final Supplier<Compiled> compiled;

    /// @param compiled the configuration in use
    public ExplainEndpoint(Explainer explainer, Supplier<Compiled> compiled) {
        this.explainer = explainer;
        this.compiled = compiled;
    }

    public AdminEndpoint endpoint() {
        return AdminEndpoint.question(PATH, this::explain);
    }

    private AdminResponse explain(AdminRequest request) {
        if (!"application/json".equalsIgnoreCase(request.contentType())) {
            return AdminResponse.problem(
                    415, "admin-content-type", "Unknown content type", "Send Content-Type: application/json.");
        }
        RecordReader.Outcome<Question> read = RecordReader.json("body", request.body(), Question.class);
        Question question = read.value();
        if (question == null) {
            String detail =
                    read.problems().stream().map(ConfigProblem::toString).collect(Collectors.joining("; "));
            return AdminResponse.problem(
                    422,
                    Json.problem(422, "explain-refused", "Not a question", detail)
                            .put("problems", AdminEndpoints.problems(read.problems())));
        }
        try {
            Explained explained = explainer.explain(question, compiled.get());
            return request.asksForText()
                    ? AdminResponse.text(200, ExplainedText.of(explained))
                    : AdminResponse.json(200, ExplainedJson.of(explained));
        } catch (QuestionException e) {
            return AdminResponse.problem(422, "explain-refused", "Not explained", String.valueOf(e.getMessage()));
        }
    }
}
