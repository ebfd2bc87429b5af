package dev.sallyport.controlplane.behaviour.share;

import dev.sallyport.controlplane.behaviour.share.Finding.Subject;
import dev.sallyport.dataplane.behaviour.score.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What this gateway has decided, what the others have, and what follows: of two verdicts about one key the later
/// counts. Each gateway writes pages of its own and reads those of all, so that none waits for another. Used by one
/// thread.
final class VerdictBook {
    /// How long a pardon is told at least, so that who is cut off for a while learns of it.
    static final Duration TOLD_FOR = Duration.ofDays(1);

    private static final int PAGES = 8;
    private static final int MOST_VERSIONS = 10_000;

    private final String own;
    private final Map<Slot, Finding> mine = new HashMap<>();
    private final Written[] written = new Written[PAGES];
    private final Map<Slot, Long> followed = new HashMap<>();
    private Map<String, Read> known = Map.of();
    private final Map<String, Long> versions = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > MOST_VERSIONS;
        }
    };
    private long highest;
    private long unshared;
    private boolean changed;

    /// There is one finding for each.
    private record Slot(Verdict verdict, Subject subject) {
        static Slot of(Finding finding) {
            return new Slot(finding.verdict(), finding.subject());
        }
    }

    /// A page of another gateway as it was read.
    @SuppressWarnings("ArrayRecordComponent") // compared by Arrays
    private record Read(byte[] octets, Page page) {}

    /// A page of this gateway.
    private static final class Written {
        private boolean dirty;
        private long version;
        private byte @Nullable [] octets;
    }

    /// A page to be written.
    ///
    /// @param expected what is there, null for nothing
    /// @param next     what is to be there, null for nothing
    @SuppressWarnings("ArrayRecordComponent") // compared nowhere
    record Write(String name, byte @Nullable [] expected, byte @Nullable [] next, Duration until) {}

    /// @param own a name that no other process has
    VerdictBook(String own) {
        this.own = own;
        Arrays.setAll(written, _ -> new Written());
    }

    private String name(int page) {
        return own + "." + page;
    }

    private Written page(Subject subject) {
        return written[Math.floorMod(subject.hashCode(), PAGES)];
    }

    /// Notes what was decided here.
    void decided(Verdict verdict, Subject subject, long until, long now) {
        if (subject.key().length() > Page.LONGEST_KEY / 3) {
            // no character takes more than three octets
            unshared++;
            return;
        }
        highest = Math.max(highest + 1, now);
        // it is told until nothing from before it can come back, which is at least that long
        long end = verdict == Verdict.PARDONED ? now + TOLD_FOR.toMillis() : until;
        Finding finding = new Finding(verdict, subject, highest, end);
        if (!finding.pardons()) {
            followed.put(Slot.of(finding), highest);
        }
        // a pardon is followed once more: what others told may have been followed here a moment after it
        Finding before = mine.get(Slot.of(finding));
        if (before != null && before.until() > finding.until()) {
            // as here, where a shorter ban does not end a longer one
            finding = new Finding(verdict, subject, highest, before.until());
        }
        mine.put(Slot.of(finding), finding);
        page(subject).dirty = true;
        changed = true;
    }

    /// Learns what is in the store.
    void read(Map<String, byte[]> told) {
        Map<String, Read> next = new HashMap<>();
        told.forEach((name, octets) -> {
            if (!name.startsWith(own + ".")) {
                Read before = known.get(name);
                Read now = before != null && Arrays.equals(before.octets, octets) ? before : read(name, octets, before);
                if (now != null) {
                    next.put(name, now);
                    changed |= !now.equals(before);
                }
            }
        });
        changed |= !next.keySet().equals(known.keySet());
        known = next;
        for (int i = 0; i < PAGES; i++) {
            byte[] there = told.get(name(i));
            Written page = written[i];
            // somebody took it away, or put back an earlier one
            page.dirty |= !Arrays.equals(there, page.octets);
            page.octets = there;
        }
    }

    private @Nullable Read read(String name, byte[] octets, @Nullable Read before) {
        Page page = Page.read(octets);
        if (page == null || page.version() < versions.getOrDefault(name, 0L)) {
            return before;
        }
        versions.put(name, page.version());
        for (Finding one : page.findings()) {
            highest = Math.max(highest, one.stamp());
        }
        return new Read(octets, page);
    }

    /// What is to be followed here from now on, in this order; empty when nothing is new.
    List<Finding> news(long now) {
        mine.values().removeIf(one -> {
            boolean over = one.until() <= now;
            page(one.subject()).dirty |= over;
            return over;
        });
        if (!changed) {
            return List.of();
        }
        changed = false;
        List<Finding> all = new ArrayList<>(mine.values());
        known.values().forEach(read -> all.addAll(read.page.findings()));
        all.removeIf(one -> one.until() <= now);
        Map<Subject, Finding> pardons = new HashMap<>();
        for (Finding one : all) {
            if (one.pardons()) {
                pardons.merge(one.subject(), one, (a, b) -> a.stamp() >= b.stamp() ? a : b);
            }
        }
        List<Finding> news = new ArrayList<>();
        pardons.values().forEach(pardon -> {
            if (isNew(pardon)) {
                news.add(pardon);
                // it forgets what was decided later too, which is to be followed again
                followed.remove(new Slot(Verdict.BANNED, pardon.subject()));
                followed.remove(new Slot(Verdict.REFUSED, pardon.subject()));
            }
        });
        for (Finding one : all) {
            Finding pardon = pardons.get(one.subject());
            if (one.pardons()) {
                continue;
            }
            if (pardon != null && pardon.stamp() > one.stamp()) {
                outlast(pardon, one);
            } else if (isNew(one)) {
                news.add(one);
            }
        }
        retain(all);
        return news;
    }

    private boolean isNew(Finding one) {
        Long before = followed.get(Slot.of(one));
        if (before != null && before >= one.stamp()) {
            return false;
        }
        followed.put(Slot.of(one), one.stamp());
        return true;
    }

    /// Forgets what of `one` is this gateway's, and has the pardon told for longer than it.
    private void outlast(Finding pardon, Finding one) {
        if (mine.remove(Slot.of(one), one)) {
            page(one.subject()).dirty = true;
        }
        Finding told = mine.get(Slot.of(pardon));
        if (told != null && told.until() < one.until()) {
            mine.put(Slot.of(told), new Finding(told.verdict(), told.subject(), told.stamp(), one.until()));
            page(told.subject()).dirty = true;
        }
    }

    private void retain(List<Finding> all) {
        Map<Slot, Boolean> present = new HashMap<>();
        all.forEach(one -> present.put(Slot.of(one), true));
        followed.keySet().retainAll(present.keySet());
    }

    /// Follows everything anew: keys mean something else now.
    void forgetFollowed() {
        followed.clear();
        changed = true;
    }

    /// The pages that are to be written.
    List<Write> writes(long now) {
        List<Write> writes = new ArrayList<>();
        for (int i = 0; i < PAGES; i++) {
            Written page = written[i];
            if (page.dirty) {
                page.dirty = false;
                write(i, page, now, writes);
            }
        }
        return writes;
    }

    private void write(int number, Written page, long now, List<Write> writes) {
        List<Finding> all = new ArrayList<>();
        mine.values().stream().filter(one -> page(one.subject()) == page).forEach(all::add);
        // what operators said first, then what lasts longest
        all.sort(Comparator.comparing(Finding::byOperator)
                .thenComparingLong(Finding::until)
                .reversed());
        long end = 0;
        int octets = Page.HEAD;
        List<Finding> told = new ArrayList<>();
        for (Finding one : all) {
            octets += Page.size(one);
            if (octets > Page.LARGEST) {
                unshared += all.size() - told.size();
                // in the next pages of this name they would not fit either
                all.subList(told.size(), all.size()).forEach(left -> mine.remove(Slot.of(left)));
                break;
            }
            told.add(one);
            end = Math.max(end, one.until());
        }
        if (told.isEmpty() && page.octets == null) {
            return;
        }
        byte[] next = told.isEmpty() ? null : new Page(++page.version, told).octets();
        writes.add(new Write(name(number), page.octets, next, Duration.ofMillis(Math.max(1, end - now))));
        page.octets = next;
    }

    /// How many verdicts of this gateway hold.
    int own() {
        return mine.size();
    }

    /// How many of the others do.
    int others(long now) {
        int count = 0;
        for (Read read : known.values()) {
            for (Finding one : read.page.findings()) {
                count += one.until() > now ? 1 : 0;
            }
        }
        return count;
    }

    /// How many are remembered as followed.
    int followed() {
        return followed.size();
    }

    /// How many the others were not told of.
    long unshared() {
        return unshared;
    }
}
