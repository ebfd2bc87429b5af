package dev.sallyport.controlplane.reload;

/// Who asks for a reload; all are equal.
public enum Trigger {
    START,
    FILE_CHANGE,
    SIGNAL,
    ADMIN;

    /// What logs call it.
    public String word() {
        return switch (this) {
            case START -> "start";
            case FILE_CHANGE -> "file-change";
            case SIGNAL -> "signal";
            case ADMIN -> "admin";
        };
    }
}
