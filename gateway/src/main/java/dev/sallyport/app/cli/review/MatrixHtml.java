package dev.sallyport.app.cli.review;

import dev.sallyport.controlplane.rights.AccessMatrix;
import dev.sallyport.controlplane.rights.Caller;
import dev.sallyport.controlplane.rights.Right;
import dev.sallyport.controlplane.rights.Row;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/// The access matrix as one page: no scripts, nothing fetched, and a policy that allows neither.
final class MatrixHtml {
    private static final String STYLE = """
            body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem; color: #1a1a1a; background: #fff }
            table { border-collapse: collapse }
            caption { text-align: left; font-weight: 600; padding-bottom: .5rem }
            th, td { border: 1px solid #999; padding: .3rem .6rem; text-align: left; vertical-align: top }
            thead th { background: #eee; position: sticky; top: 0 }
            td.yes { background: #d9f0d9 }
            td.depends { background: #fff2cc }
            tr.public th:first-child { border-left: .4rem solid #b30000 }
            code { font-family: ui-monospace, monospace }
            """;

    private MatrixHtml() {}

    static String page(AccessMatrix matrix, String version) {
        StringBuilder page = new StringBuilder(4096);
        page.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
                .append("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-")
                .append(digest())
                .append("'; base-uri 'none'; form-action 'none'\">\n")
                .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
                .append("<title>Who may do what</title>\n<style>")
                .append(STYLE)
                .append("</style>\n</head>\n<body>\n<main>\n<h1>Who may do what</h1>\n");
        Notes notes = new Notes();
        table(page, matrix, version, notes);
        notes(page, notes);
        return page.append("</main>\n</body>\n</html>\n").toString();
    }

    private static void table(StringBuilder page, AccessMatrix matrix, String version, Notes notes) {
        page.append("<table>\n<caption>Configuration ")
                .append(escaped(version))
                .append(", what is open to everybody first");
        page.append("</caption>\n<thead>\n<tr>");
        for (String head : new String[] {"Route", "Method", "Path"}) {
            page.append("<th scope=\"col\">").append(head).append("</th>");
        }
        for (Caller caller : matrix.callers()) {
            page.append("<th scope=\"col\">").append(escaped(caller.label())).append("</th>");
        }
        page.append("</tr>\n</thead>\n<tbody>\n");
        for (Row row : matrix.rows()) {
            boolean open = row.right(new Caller.Anonymous()).isAlways();
            page.append(open ? "<tr class=\"public\">" : "<tr>")
                    .append("<th scope=\"row\">")
                    .append(escaped(row.route()))
                    .append("</th><td>")
                    .append(escaped(row.methodText()))
                    .append("</td><td><code>")
                    .append(escaped(row.place()))
                    .append("</code></td>");
            for (Caller caller : matrix.callers()) {
                cell(page, row.right(caller), notes);
            }
            page.append("</tr>\n");
        }
        page.append("</tbody>\n</table>\n");
    }

    private static void cell(StringBuilder page, Right right, Notes notes) {
        String answer = MatrixText.answer(right);
        page.append("<td class=\"").append(answer).append("\">").append(answer);
        int note = notes.number(right);
        if (note > 0) {
            page.append(" <a href=\"#on-")
                    .append(note)
                    .append("\">[")
                    .append(note)
                    .append("]</a>");
        }
        page.append("</td>");
    }

    private static void notes(StringBuilder page, Notes notes) {
        if (notes.texts().isEmpty()) {
            return;
        }
        page.append("<h2>What it depends on</h2>\n<ol>\n");
        for (int i = 0; i < notes.texts().size(); i++) {
            page.append("<li id=\"on-")
                    .append(i + 1)
                    .append("\"><code>")
                    .append(escaped(notes.texts().get(i)))
                    .append("</code></li>\n");
        }
        page.append("</ol>\n");
    }

    private static String digest() {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(STYLE.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }

    static String escaped(String text) {
        StringBuilder out = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '&' -> out.append("&amp;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                default -> out.append(c);
            }
        }
        return out.toString();
    }
}
