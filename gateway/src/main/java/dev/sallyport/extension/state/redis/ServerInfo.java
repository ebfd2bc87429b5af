package dev.sallyport.extension.state.redis;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// What a server tells of itself by `INFO`.
///
/// @param run    what it calls itself, from its start to its end
/// @param role   `master` for one that can be written to
/// @param memory the most it may hold, in octets; 0 for no bound
/// @param policy what it does when that is reached
record ServerInfo(String run, String role, String memory, String policy, String loading) {
    static ServerInfo parse(String info) {
        return new ServerInfo(
                field(info, "run_id"),
                field(info, "role"),
                field(info, "maxmemory"),
                field(info, "maxmemory_policy"),
                field(info, "loading"));
    }

    private static String field(String info, String name) {
        int from = info.startsWith(name + ":") ? 0 : info.indexOf("\n" + name + ":") + 1;
        if (from == 0 && !info.startsWith(name + ":")) {
            return "";
        }
        int end = info.indexOf('\n', from);
        return info.substring(from + name.length() + 1, end < 0 ? info.length() : end)
                .strip();
    }

    /// Names all servers.
    ///
    /// @throws IOException one of them cannot keep marks safely; the message says why
    static String names(List<String> descriptions) throws IOException {
        List<String> names = new ArrayList<>();
        for (String one : descriptions) {
            names.add(parse(one).checked());
        }
        Collections.sort(names);
        return String.join(" ", names);
    }

    /// Its name, when it can keep marks safely.
    private String checked() throws IOException {
        if (run.isEmpty()) {
            throw new IOException("INFO does not tell run_id (expected: a Redis or Valkey that tells it)");
        }
        if (!role.equals("master")) {
            throw new IOException("the server is a " + role + " (expected: the primary one)");
        }
        if (loading.equals("1")) {
            throw new IOException("the server is loading its data");
        }
        if (!memory.equals("0") && !policy.equals("noeviction")) {
            throw new IOException("maxmemory-policy: " + policy
                    + " (expected: noeviction; others forget marks, so that what was used once is taken again)");
        }
        return run;
    }
}
