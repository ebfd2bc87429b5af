package dev.sallyport.controlplane.behaviour.share;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.controlplane.behaviour.share.Finding.Subject;
import dev.sallyport.dataplane.behaviour.score.Kind;
import dev.sallyport.dataplane.behaviour.score.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Several gateways and a store that is a map.
class VerdictBookTest {
    private static final Subject MALLORY = new Subject(Kind.ADDRESS, "203.0.113.7");
    private static final Subject ANNA = new Subject(Kind.CALLER, "staff/anna");
    private static final long HOUR = Duration.ofHours(1).toMillis();

    private final Map<String, byte[]> store = new HashMap<>();
    private final VerdictBook one = new VerdictBook("one");
    private final VerdictBook other = new VerdictBook("other");
    private long now = 1_800_000_000_000L;

    private void decided(VerdictBook book, Verdict verdict, Subject subject, long millis) {
        book.decided(verdict, subject, now + millis, now);
    }

    /// What a gateway does again and again; what it follows.
    private List<String> look(VerdictBook book) {
        book.read(Map.copyOf(store));
        List<String> news = new ArrayList<>();
        for (Finding one : book.news(now)) {
            news.add(one.verdict() + " " + one.subject().key());
        }
        for (VerdictBook.Write write : book.writes(now)) {
            assertThat(store.get(write.name())).isEqualTo(write.expected());
            if (write.next() == null) {
                store.remove(write.name());
            } else {
                store.put(write.name(), write.next());
            }
        }
        return news;
    }

    @Test
    void whatOneDecidesTheOthersFollowOnce() {
        decided(one, Verdict.REFUSED, MALLORY, HOUR);
        decided(one, Verdict.BANNED, ANNA, HOUR);
        assertThat(look(one)).as("it is done already").isEmpty();
        assertThat(look(other)).containsExactlyInAnyOrder("REFUSED 203.0.113.7", "BANNED staff/anna");
        assertThat(look(other)).isEmpty();
        assertThat(other.others(now)).isEqualTo(2);
        assertThat(look(one)).isEmpty();
        assertThat(one.others(now)).as("its own are not the others'").isZero();
        decided(one, Verdict.REFUSED, MALLORY, 2 * HOUR);
        look(one);
        assertThat(look(other)).as("it goes on").containsExactly("REFUSED 203.0.113.7");
    }

    @Test
    void whatIsOverIsNeitherFollowedNorKept() {
        decided(one, Verdict.REFUSED, MALLORY, HOUR);
        look(one);
        now += HOUR;
        assertThat(look(other)).isEmpty();
        look(one);
        assertThat(store).isEmpty();
        assertThat(one.own()).isZero();
        decided(one, Verdict.REFUSED, ANNA, HOUR);
        look(one);
        assertThat(one.followed()).as("of what is over nothing is remembered").isEqualTo(1);
    }

    @Test
    void aPardonAtOneGatewayIsOneAtAll() {
        decided(one, Verdict.BANNED, MALLORY, HOUR);
        look(one);
        look(other);
        decided(other, Verdict.PARDONED, MALLORY, 0);
        look(other);
        assertThat(look(one)).containsExactly("PARDONED 203.0.113.7");
        assertThat(look(one)).isEmpty();
        assertThat(one.own()).as("its ban is forgotten").isZero();
        VerdictBook late = new VerdictBook("late");
        assertThat(look(late)).doesNotContain("BANNED 203.0.113.7");
        decided(one, Verdict.REFUSED, MALLORY, HOUR);
        look(one);
        assertThat(look(other)).as("what it does after that counts").containsExactly("REFUSED 203.0.113.7");
        assertThat(look(late)).containsExactly("REFUSED 203.0.113.7");
    }

    @Test
    void ofSeveralPardonsTheLatestCounts() {
        VerdictBook third = new VerdictBook("third");
        decided(one, Verdict.PARDONED, MALLORY, 0);
        look(one);
        look(third);
        decided(third, Verdict.BANNED, MALLORY, HOUR);
        look(third);
        assertThat(look(one)).containsExactly("BANNED 203.0.113.7");
        look(other);
        decided(other, Verdict.PARDONED, MALLORY, 0);
        look(other);
        assertThat(look(one)).containsExactly("PARDONED 203.0.113.7");
    }

    @Test
    void theLaterCountsWhateverTheClocksSay() {
        decided(one, Verdict.BANNED, MALLORY, 48 * HOUR);
        look(one);
        // a gateway whose clock is an hour behind knows the ban, and pardons
        now -= HOUR;
        look(other);
        decided(other, Verdict.PARDONED, MALLORY, 0);
        look(other);
        now += HOUR;
        assertThat(look(one)).containsExactly("PARDONED 203.0.113.7");
        assertThat(look(new VerdictBook("late"))).containsExactly("PARDONED 203.0.113.7");
    }

    @Test
    void aPardonOutlastsTheBansOfWhoIsGone() {
        decided(one, Verdict.BANNED, MALLORY, 240 * HOUR);
        look(one);
        look(other);
        decided(other, Verdict.PARDONED, MALLORY, 0);
        look(other);
        // the first gateway never comes back, what it told stays
        now += 200 * HOUR;
        look(other);
        assertThat(look(new VerdictBook("late"))).containsExactly("PARDONED 203.0.113.7");
    }

    @Test
    void aBanThatIsLearntOfAfterThePardonIsCoveredToo() {
        look(other);
        decided(one, Verdict.BANNED, MALLORY, 240 * HOUR);
        now += 1000;
        decided(other, Verdict.PARDONED, MALLORY, 0);
        look(other);
        look(one);
        look(other);
        now += 200 * HOUR;
        look(other);
        assertThat(look(new VerdictBook("late"))).doesNotContain("BANNED 203.0.113.7");
    }

    @Test
    void whatIsDecidedAfterAPardonThatIsLearntOfLateIsFollowedAgain() {
        look(one);
        decided(other, Verdict.PARDONED, MALLORY, 0);
        now += 1000;
        decided(one, Verdict.BANNED, MALLORY, HOUR);
        decided(one, Verdict.REFUSED, MALLORY, HOUR);
        look(other);
        // to forget what was before is to forget what came later as well
        List<String> news = look(one);
        assertThat(news)
                .containsExactlyInAnyOrder("PARDONED 203.0.113.7", "BANNED 203.0.113.7", "REFUSED 203.0.113.7")
                .startsWith("PARDONED 203.0.113.7");
    }

    @Test
    void aPardonIsFollowedHereToo() {
        // what another told may have been followed between the pardon and this
        decided(one, Verdict.PARDONED, MALLORY, 0);
        assertThat(look(one)).containsExactly("PARDONED 203.0.113.7");
        assertThat(look(one)).isEmpty();
    }

    @Test
    void aShorterBanEndsNoLongerOne() {
        decided(one, Verdict.BANNED, MALLORY, 10 * HOUR);
        decided(one, Verdict.BANNED, MALLORY, HOUR);
        look(one);
        now += 5 * HOUR;
        assertThat(look(other)).containsExactly("BANNED 203.0.113.7");
    }

    @Test
    void FA_13_whatTheStoreLostIsToldAgain() {
        decided(one, Verdict.BANNED, MALLORY, HOUR);
        look(one);
        store.clear();
        look(one);
        assertThat(look(other)).containsExactly("BANNED 203.0.113.7");
    }

    @Test
    void whatIsDecidedWhileTheStoreIsGoneIsToldWhenItIsBack() {
        decided(one, Verdict.BANNED, MALLORY, HOUR);
        one.news(now);
        for (VerdictBook.Write lost : one.writes(now)) {
            assertThat(lost.next()).isNotNull();
        }
        look(one);
        assertThat(look(other)).containsExactly("BANNED 203.0.113.7");
    }

    @Test
    void AD_12_anEarlierPageThatIsPutBackCountsForNothing() {
        decided(one, Verdict.BANNED, MALLORY, 10 * HOUR);
        look(one);
        Map<String, byte[]> early = Map.copyOf(store);
        look(other);
        decided(one, Verdict.PARDONED, MALLORY, 0);
        look(one);
        assertThat(look(other)).containsExactly("PARDONED 203.0.113.7");
        store.putAll(early);
        assertThat(look(other)).isEmpty();
        store.clear();
        look(other);
        store.putAll(early);
        assertThat(look(other)).as("even after it was away").isEmpty();
        look(one);
        assertThat(store.values()).as("its owner puts it right").noneMatch(early.values()::contains);
    }

    @Test
    void whatIsNotUnderstoodIsLeftAlone() {
        store.put("newer.0", new byte[] {2, 0, 0});
        store.put("short.0", new byte[] {1, 0});
        store.put("odd.0", new byte[] {1, 0, 0, 0, 0, 0, 0, 0, 1, 77});
        store.put("empty.0", new byte[0]);
        Finding ban = new Finding(Verdict.BANNED, ANNA, now, now + HOUR);
        byte[] another = new Page(1, List.of(ban)).octets();
        another[0]++;
        store.put("another.0", another);
        decided(one, Verdict.BANNED, MALLORY, HOUR);
        look(one);
        assertThat(look(other)).containsExactly("BANNED 203.0.113.7");
        assertThat(store).containsKeys("newer.0", "short.0", "odd.0", "empty.0");
    }

    @Test
    void DO_04_aFloodOfRefusalsLeavesRoomForOperatorsAndIsBounded() {
        for (int i = 0; i < 30_000; i++) {
            decided(
                    one,
                    Verdict.REFUSED,
                    new Subject(Kind.ADDRESS, "2001:db8:0:" + Integer.toHexString(i) + "::/64"),
                    HOUR);
        }
        decided(one, Verdict.BANNED, MALLORY, HOUR);
        look(one);
        assertThat(store).hasSizeLessThanOrEqualTo(8);
        assertThat(store.values()).allMatch(page -> page.length <= Page.LARGEST);
        assertThat(look(other)).contains("BANNED 203.0.113.7").hasSizeBetween(5000, 15_000);
        assertThat(one.unshared()).isBetween(15_000L, 25_000L);
        assertThat(one.own()).as("what is not told takes no room").isLessThan(15_000);
        decided(one, Verdict.BANNED, new Subject(Kind.CALLER, "staff/" + "x".repeat(5000)), HOUR);
        assertThat(look(one)).isEmpty();
        assertThat(look(other)).isEmpty();
    }

    @Test
    void keysThatMeanSomethingElseNowAreFollowedAnew() {
        decided(one, Verdict.BANNED, MALLORY, HOUR);
        look(one);
        look(other);
        other.forgetFollowed();
        assertThat(look(other)).containsExactly("BANNED 203.0.113.7");
    }
}
