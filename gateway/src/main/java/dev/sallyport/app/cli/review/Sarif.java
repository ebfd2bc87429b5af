package dev.sallyport.app.cli.review;

import dev.sallyport.controlplane.admin.Json;
import dev.sallyport.controlplane.config.Mark;
import dev.sallyport.controlplane.posture.Finding;
import dev.sallyport.controlplane.posture.Posture;
import dev.sallyport.controlplane.posture.Rule;
import dev.sallyport.controlplane.posture.Rules;
import dev.sallyport.controlplane.posture.Severity;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Findings in the Static Analysis Results Interchange Format (SARIF) 2.1.0 of OASIS, which code hosts show beside the
/// lines that they are about.
final class Sarif {
    private static final String SCHEMA =
            "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

    private Sarif() {}

    static Json of(Posture posture, String version) {
        List<Rule> rules = Rules.all();
        List<Json> results = new ArrayList<>();
        posture.findings().forEach(finding -> results.add(result(finding, rules, null)));
        posture.ignored().forEach(one -> results.add(result(one.finding(), rules, one.reason())));
        Json driver = new Json()
                .put("name", "Sallyport")
                .put("version", version)
                .put("rules", rules.stream().map(Sarif::rule).toList());
        return new Json()
                .put("$schema", SCHEMA)
                .put("version", "2.1.0")
                .put(
                        "runs",
                        List.of(new Json()
                                .put("tool", new Json().put("driver", driver))
                                .put("columnKind", "utf16CodeUnits")
                                .put("results", results)));
    }

    private static Json rule(Rule rule) {
        return new Json()
                .put("id", rule.id())
                .put("name", rule.name())
                .put("shortDescription", text(rule.title()))
                .put("fullDescription", text(rule.title() + " " + rule.why()))
                .put("help", text("Right: " + rule.right()))
                .put("defaultConfiguration", new Json().put("level", level(rule.severity())))
                .put("properties", new Json().put("severity", FindingsText.word(rule.severity())));
    }

    private static Json result(Finding finding, List<Rule> rules, @Nullable String ignored) {
        Json result = new Json()
                .put("ruleId", finding.rule().id())
                .put("ruleIndex", rules.indexOf(finding.rule()))
                .put("level", level(finding.severity()))
                .put(
                        "message",
                        text(finding.path() + ": " + finding.what() + ". "
                                + finding.rule().title()))
                .put("locations", List.of(location(finding)))
                .put(
                        "partialFingerprints",
                        new Json().put("ruleAndPath/v1", finding.rule().id() + ":" + finding.path()));
        return ignored == null
                ? result
                : result.put(
                        "suppressions",
                        List.of(new Json().put("kind", "external").put("justification", ignored)));
    }

    private static Json location(Finding finding) {
        Mark at = finding.at();
        Json physical = new Json().put("artifactLocation", new Json().put("uri", uri(at.file())));
        if (at.line() > 0) {
            physical.put("region", new Json().put("startLine", at.line()).put("startColumn", at.column()));
        }
        return new Json()
                .put("physicalLocation", physical)
                .put("logicalLocations", List.of(new Json().put("fullyQualifiedName", finding.path())));
    }

    /// A relative file stays so: whoever shows the findings knows where its root is.
    private static String uri(String file) {
        try {
            return Path.of(file).isAbsolute()
                    ? Path.of(file).toUri().toString()
                    : new URI(null, null, file.replace('\\', '/'), null).toASCIIString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException("a path without scheme is a URI reference", e);
        }
    }

    private static Json text(String text) {
        return new Json().put("text", text);
    }

    private static String level(Severity severity) {
        return switch (severity) {
            case HIGH -> "error";
            case MEDIUM -> "warning";
            case LOW, INFO -> "note";
        };
    }
}
