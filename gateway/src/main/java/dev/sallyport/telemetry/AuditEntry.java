package dev.sallyport.telemetry;

/// Every kind of entry of the audit log, beside the [events][Event] that [belong in it][Event#audited()].
public enum AuditEntry {
    ALLOWED("access.allowed", "A request was let in."),
    DENIED("access.denied", "A request was refused: 401, 403 or 429."),
    UNDECIDED("access.undecided", "A request was refused because it could not be decided: 503, or 500 after a bug."),
    REPEATED(
            "access.repeated",
            "Refusals for the same reason of the same caller or network, counted, beside those that have entries of their own."),
    ENDED("access.ended", "A response was cut off because what let its request in no longer held."),
    ADMIN_REQUEST("admin.request", "An operator changed something, tried to, or was refused."),
    OPENED("audit_log.opened", "Writing begins; the first entry of every file, with the hash that it goes on from."),
    CLOSED("audit_log.closed", "Writing ended in order."),
    CUT("audit_log.cut", "The unfinished line of a writer that was stopped, cut off the file and kept in here."),
    DAMAGED("audit_log.damaged", "The file was not as the gateway had left it."),
    REMOVED("audit_log.removed", "An old file was removed because there were more than `keep`."),
    LOST("audit_log.lost", "Entries that could not be recorded, counted.");

    private final String code;
    private final String meaning;

    AuditEntry(String code, String meaning) {
        this.code = code;
        this.meaning = meaning;
    }

    /// Its stable name in the log.
    public String code() {
        return code;
    }

    public String meaning() {
        return meaning;
    }
}
