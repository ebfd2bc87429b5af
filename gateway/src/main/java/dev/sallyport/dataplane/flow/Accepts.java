package dev.sallyport.dataplane.flow;

import dev.sallyport.api.http.FieldName;
import dev.sallyport.api.http.Headers;

/// Reads `Accept` (RFC 9110 §12.5.1) as far as choosing between a page and problem details needs it.
final class Accepts {
    private Accepts() {}

    /// Whether the client likes HTML better than JSON.
    static boolean prefersHtml(Headers request) {
        double html = 0;
        double json = 0;
        double anything = 0;
        for (int i = request.indexOf(FieldName.ACCEPT); i >= 0; i = request.indexOf(FieldName.ACCEPT, i + 1)) {
            for (String range : request.value(i).split(",", -1)) {
                String[] parts = range.split(";", -1);
                double weight = weight(parts);
                switch (parts[0].strip()) {
                    case "text/html", "application/xhtml+xml" -> html = Math.max(html, weight);
                    case "application/json", "application/problem+json", "application/*" ->
                        json = Math.max(json, weight);
                    case "*/*" -> anything = Math.max(anything, weight);
                    default -> {}
                }
            }
        }
        return html > Math.max(json, anything) || (html > 0 && html == anything && json < html);
    }

    private static double weight(String[] parts) {
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].strip();
            if (parameter.startsWith("q=") || parameter.startsWith("Q=")) {
                try {
                    double weight = Double.parseDouble(parameter.substring(2));
                    return weight >= 0 && weight <= 1 ? weight : 0;
                } catch (NumberFormatException e) {
                    return 0;
                }
            }
        }
        return 1;
    }
}
