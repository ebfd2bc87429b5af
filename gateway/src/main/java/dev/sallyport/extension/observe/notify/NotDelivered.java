package dev.sallyport.extension.observe.notify;

/// Why a notification was not accepted, without anything secret.
public final class NotDelivered extends Exception {
    private static final long serialVersionUID = 1;

    private final boolean lasting;

    /// @param lasting whether it is no use to try again
    NotDelivered(String message, boolean lasting) {
        super(message);
        this.lasting = lasting;
    }

    boolean lasting() {
        return lasting;
    }
}
