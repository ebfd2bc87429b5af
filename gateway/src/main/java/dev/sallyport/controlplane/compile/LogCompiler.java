package dev.sallyport.controlplane.compile;

import dev.sallyport.api.expression.Condition;
import dev.sallyport.api.expression.ExpressionException;
import dev.sallyport.api.expression.Expressions;
import dev.sallyport.api.plugin.Nearest;
import dev.sallyport.controlplane.compile.findings.Findings;
import dev.sallyport.controlplane.config.GatewayConfig;
import dev.sallyport.controlplane.config.ObserveConfig;
import dev.sallyport.controlplane.config.observe.AccessLogConfig;
import dev.sallyport.controlplane.config.observe.LogPlace;
import dev.sallyport.controlplane.config.observe.PayloadConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Compiles what is logged of requests, and checks where logs go.
final class LogCompiler {
    private final Findings findings;
    private final Expressions expressions;

    LogCompiler(Findings findings, Expressions expressions) {
        this.findings = findings;
        this.expressions = expressions;
    }

    List<LogRule> compile(GatewayConfig config) {
        ObserveConfig observe = config.observe();
        files(observe);
        PayloadConfig payload = observe.payload();
        if (payload != null) {
            routes("observe.payload.routes", payload.routes(), config);
        }
        List<LogRule> rules = new ArrayList<>();
        AccessLogConfig.Sample sample = observe.accessLog().sample();
        for (int i = 0; sample != null && i < sample.rules().size(); i++) {
            AccessLogConfig.Rule rule = sample.rules().get(i);
            String path = "observe.access-log.sample.rules[" + i + "]";
            List<String> routes = rule.routes() == null ? List.of() : rule.routes();
            routes(path + ".routes", routes, config);
            rules.add(new LogRule(
                    Set.copyOf(routes),
                    condition(path + ".when", rule.when()),
                    rule.rate().part()));
        }
        return rules;
    }

    private void routes(String path, List<String> names, GatewayConfig config) {
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            if (!config.routes().containsKey(name) && !findings.configured("routes." + name)) {
                findings.error(
                        path + "[" + i + "]",
                        "no route is called " + name,
                        Nearest.hint(name, config.routes().keySet()));
            }
        }
    }

    private @Nullable Condition condition(String path, @Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            return expressions.condition(text);
        } catch (ExpressionException e) {
            e.problems().forEach(problem -> findings.error(path, problem.offset(), problem.message(), problem.hint()));
            return null;
        }
    }

    private void files(ObserveConfig observe) {
        ObserveConfig.AuditLog audit = observe.auditLog();
        Path audited = audit == null ? null : audit.to().file();
        file("observe.audit-log.to.file", audited);
        Set<Path> taken = new HashSet<>();
        List<AccessLogConfig.LogTarget> to = observe.accessLog().to();
        for (int i = 0; i < to.size(); i++) {
            if (!(to.get(i) instanceof LogPlace place) || place.file() == null) {
                continue;
            }
            String path = "observe.access-log.to[" + i + "].file";
            file(path, place.file());
            if (!taken.add(place.file())) {
                findings.error(path, place.file() + ": twice", "expected: a file of its own");
            } else if (place.file().equals(audited)) {
                findings.error(
                        "observe.audit-log.to.file", audited + ": is the access log", "expected: a file of its own");
            }
        }
    }

    private void file(String path, @Nullable Path file) {
        if (file == null) {
            return;
        }
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            findings.error(path, folder + ": there is no such folder", "expected: a folder that exists");
        } else if (Files.isDirectory(file)) {
            findings.error(path, file + ": is a folder", "expected: a file");
        }
    }
}
