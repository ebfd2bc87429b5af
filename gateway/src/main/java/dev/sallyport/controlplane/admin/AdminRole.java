package dev.sallyport.controlplane.admin;

/// What somebody at the admin listener may do.
public enum AdminRole {
    /// Look at everything that is no secret.
    READER("admin-read-token"),
    /// Look, and change.
    OPERATOR("admin-token");

    private final String identity;

    AdminRole(String identity) {
        this.identity = identity;
    }

    /// What the audit log calls it.
    public String identity() {
        return identity;
    }
}
