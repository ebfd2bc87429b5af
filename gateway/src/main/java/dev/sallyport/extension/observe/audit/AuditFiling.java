package dev.sallyport.extension.observe.audit;

import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.telemetry.AuditEntry;
import dev.sallyport.telemetry.Event;
import dev.sallyport.telemetry.EventLog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// When an audit log begins a new file and which old ones go; every such change is an entry. Between batches only:
/// lines are sealed for the file they stand in.
@OffLoop("the thread of the audit log")
final class AuditFiling {
    private static final int MOST_TEXT = 4096;

    private final AuditFile file;
    private final EventLog events;
    private final Consumer<Note> entries;
    private long rotateAgainAt;
    private volatile @Nullable Seal wanted;

    /// @param entries takes entries of its own
    AuditFiling(AuditFile file, EventLog events, Consumer<Note> entries) {
        this.file = file;
        this.events = events;
        this.entries = entries;
    }

    /// From the next batch on, seals with another key; from any thread.
    void sealWith(Seal other) {
        wanted = other;
    }

    /// The first entries: how the file was left, and what was found.
    void opened() {
        Tail tail = file.tail();
        if (tail.end() > 0 && !tail.keyId().equals(file.chain().seal().keyId())) {
            // one file has one key
            rotate("key-changed");
        } else {
            open(tail.sequence() == 0 ? "created" : tail.closed() ? "started" : "started-after-kill");
        }
        if (tail.cut().length > 0) {
            String text = new String(tail.cut(), StandardCharsets.ISO_8859_1);
            entries.accept(Note.now(
                    AuditEntry.CUT.code(),
                    "octets",
                    tail.cut().length,
                    "sha256",
                    sha256(tail.cut()),
                    "text",
                    text.length() > MOST_TEXT ? text.substring(0, MOST_TEXT) : text));
            events.event(Event.AUDIT_LOG_CUT, "file", file.path(), "octets", tail.cut().length);
        }
        tail.damage().forEach(this::damaged);
    }

    private void damaged(String what) {
        entries.accept(Note.now(AuditEntry.DAMAGED.code(), "problem", what));
        events.event(Event.AUDIT_LOG_DAMAGED, "file", file.path(), "problem", what);
    }

    private static String sha256(byte[] octets) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(octets));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /// Begins a new file where that is due.
    ///
    /// @throws IOException the file was moved or removed, and no new one can be begun
    void betweenBatches(AuditSettings settings) throws IOException {
        Seal other = wanted;
        if (other != null) {
            wanted = null;
            rotateTo(other);
        }
        if (file.gone()) {
            file.startAnew();
            open("file-gone");
            damaged("the file was moved or removed while it was written");
        }
        if (file.filled() && file.size() >= Math.max(settings.rotateAt(), rotateAgainAt)) {
            if (rotate("rotated")) {
                rotateAgainAt = 0;
                remove(settings.keep());
            } else {
                // entries matter more than the size of a file
                rotateAgainAt = file.size() + settings.rotateAt();
            }
        }
    }

    private void rotateTo(Seal other) {
        if (!other.keyId().equals(file.chain().seal().keyId()) && moveAway()) {
            file.chain().sealWith(other);
            open("key-changed");
        }
    }

    private boolean rotate(String reason) {
        if (!moveAway()) {
            return false;
        }
        open(reason);
        return true;
    }

    private boolean moveAway() {
        try {
            file.rotate();
            return true;
        } catch (IOException e) {
            damaged("no new file can be begun: " + e.getMessage());
            return false;
        }
    }

    private void open(String reason) {
        Chain chain = file.chain();
        List<Object> pairs = new ArrayList<>(List.of("reason", reason, "previous", chain.hex()));
        if (!chain.seal().keyId().isEmpty()) {
            pairs.addAll(List.of("key", chain.seal().keyId()));
        }
        events.event(
                Event.AUDIT_LOG_OPENED,
                "file",
                file.path(),
                "reason",
                reason,
                "audit_log.sequence",
                chain.sequence(),
                "audit_log.hash",
                chain.hex());
        entries.accept(new Note(AuditEntry.OPENED.code(), System.currentTimeMillis(), pairs.toArray()));
    }

    private void remove(int keep) {
        if (keep == AuditSettings.ALL) {
            return;
        }
        try {
            List<OldFiles.Old> old = OldFiles.of(file.path());
            for (int i = 0; i < old.size() - keep; i++) {
                Files.deleteIfExists(old.get(i).path());
                entries.accept(Note.now(
                        AuditEntry.REMOVED.code(),
                        "file",
                        old.get(i).path().getFileName(),
                        "first",
                        old.get(i).first(),
                        "last",
                        old.get(i).last()));
            }
        } catch (IOException e) {
            damaged("old files cannot be removed: " + e.getMessage());
        }
    }
}
