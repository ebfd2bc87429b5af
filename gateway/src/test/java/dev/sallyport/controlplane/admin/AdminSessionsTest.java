package dev.sallyport.controlplane.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class AdminSessionsTest {
    private final AtomicLong now = new AtomicLong();
    private final AdminSessions sessions = new AdminSessions(now::get);

    @Test
    void endsWhatWasIdle() {
        String secret = sessions.begin(AdminRole.READER);
        now.addAndGet(AdminSessions.IDLE_NANOS - 1);
        assertThat(sessions.use(secret)).isEqualTo(AdminRole.READER);
        now.addAndGet(AdminSessions.IDLE_NANOS - 1);
        assertThat(sessions.use(secret)).isEqualTo(AdminRole.READER);
        now.addAndGet(AdminSessions.IDLE_NANOS);
        assertThat(sessions.use(secret)).isNull();
    }

    @Test
    void endsWhatIsOldHoweverBusy() {
        String secret = sessions.begin(AdminRole.OPERATOR);
        long step = AdminSessions.IDLE_NANOS / 2;
        for (long age = step; age < AdminSessions.LONGEST_NANOS; age += step) {
            now.addAndGet(step);
            assertThat(sessions.use(secret)).isEqualTo(AdminRole.OPERATOR);
        }
        now.addAndGet(step);
        assertThat(sessions.use(secret)).isNull();
    }

    @Test
    void hasNoMoreThanItMay() {
        List<String> secrets = new ArrayList<>();
        for (int i = 0; i < AdminSessions.MOST; i++) {
            secrets.add(sessions.begin(AdminRole.READER));
        }
        sessions.use(secrets.getFirst());
        String next = sessions.begin(AdminRole.READER);
        assertThat(sessions.use(next)).isNotNull();
        assertThat(sessions.use(secrets.getFirst())).isNotNull();
        assertThat(sessions.use(secrets.get(1))).as("idle longest").isNull();
    }

    @Test
    void knowsNoOthers() {
        sessions.begin(AdminRole.READER);
        assertThat(sessions.use("")).isNull();
        assertThat(sessions.use(AdminToken.generate())).isNull();
    }
}
