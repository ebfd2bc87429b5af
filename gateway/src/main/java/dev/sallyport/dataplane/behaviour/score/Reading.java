package dev.sallyport.dataplane.behaviour.score;

/// What is known of one key at one moment. Used again and again; confined to one thread.
public final class Reading {
    public double grave;
    public double mild;

    /// What speaks against those who show the caller's tokens from elsewhere, or otherwise than before.
    public double roaming;

    /// Nanoseconds for which it is refused because of its conduct, 0 for not at all.
    public long refusedFor;

    /// Nanoseconds for which an operator banned it, 0 for not at all.
    public long bannedFor;

    /// Whether it is not known, but may be one of those for which there was no room.
    public boolean crowded;

    public void clear() {
        grave = 0;
        mild = 0;
        roaming = 0;
        refusedFor = 0;
        bannedFor = 0;
        crowded = false;
    }
}
