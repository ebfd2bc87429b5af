package dev.sallyport.hostile;

/// Request octets, spelled briefly.
final class Messages {
    static final String HOST = "gateway.test";

    /// What an attacker hopes the next parser takes for a request of its own.
    static final String SMUGGLED = get("/smuggled");

    private Messages() {}

    /// A head of these lines, with the empty one after it.
    static String head(String... lines) {
        return String.join("\r\n", lines) + "\r\n\r\n";
    }

    static String get(String target, String... fields) {
        return request("GET", target, fields);
    }

    static String post(String... fields) {
        return request("POST", "/attack", fields);
    }

    /// A request head with `Host` and these field lines.
    static String request(String method, String target, String... fields) {
        StringBuilder head = new StringBuilder()
                .append(method)
                .append(' ')
                .append(target)
                .append(" HTTP/1.1\r\nHost: ")
                .append(HOST)
                .append("\r\n");
        for (String field : fields) {
            head.append(field).append("\r\n");
        }
        return head.append("\r\n").toString();
    }

    /// A POST whose chunked body is spelled by `chunks`.
    static String chunked(String chunks) {
        return post("Transfer-Encoding: chunked") + chunks;
    }
}
