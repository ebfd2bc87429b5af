package dev.sallyport.controlplane.admin;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Log-in of browsers: who shows a token gets a session, in a cookie that scripts cannot read and other sites' pages
/// cannot send.
final class SessionEndpoints {
    private static final String PATH = "/console/session";
    private static final String COOKIE_ATTRIBUTES = "; Path=/; HttpOnly; SameSite=Strict";

    private final AdminGuard guard;

    SessionEndpoints(AdminGuard guard) {
        this.guard = guard;
    }

    /// Beginning a session is the only endpoint beside the probes and the console's files that needs no credential:
    /// it takes one, and the guard counts failures as it does for all others.
    List<AdminEndpoint> all() {
        return List.of(
                AdminEndpoint.open("POST", PATH, this::begin),
                AdminEndpoint.of("GET", PATH, SessionEndpoints::tell),
                AdminEndpoint.open("DELETE", PATH, this::end));
    }

    private AdminResponse begin(AdminRequest request) {
        String token = new String(request.body(), StandardCharsets.UTF_8).strip();
        AdminGuard.LogIn logIn = guard.logIn(token, request.peer());
        return switch (logIn) {
            case AdminGuard.Begun begun ->
                role(begun.role()).with("Set-Cookie", AdminGuard.COOKIE + "=" + begun.secret() + COOKIE_ATTRIBUTES);
            case AdminGuard.NotBegun notBegun -> notBegun.refusal();
        };
    }

    private static AdminResponse tell(AdminRequest request) {
        AdminRole role = request.role();
        return role == null ? AdminGuard.noToken() : role(role);
    }

    private AdminResponse end(AdminRequest request) {
        guard.logOut(request.cookie());
        return new AdminResponse(
                204,
                "text/plain",
                new byte[0],
                Map.of("Set-Cookie", AdminGuard.COOKIE + "=; Max-Age=0" + COOKIE_ATTRIBUTES));
    }

    private static AdminResponse role(AdminRole role) {
        return AdminResponse.json(200, new Json().put("role", role.name().toLowerCase(Locale.ROOT)));
    }
}
