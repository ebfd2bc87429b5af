package dev.sallyport.testing.guard;

import java.util.List;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/// Fails a test class during which a buffer leaked, and the test run when an event loop blocked.
///
/// Found by JUnit as a service, so that no test can forget it.
public final class TestGuard implements LauncherSessionListener, BeforeAllCallback, AfterAllCallback {
    @Override
    public void launcherSessionOpened(LauncherSession session) {
        LeakLog.install();
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        context.getRoot()
                .getStore(Namespace.create(TestGuard.class))
                .computeIfAbsent(Watch.class, key -> new Watch(), Watch.class);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        fail(LeakLog.collect());
    }

    private static void fail(List<String> findings) {
        if (!findings.isEmpty()) {
            throw new AssertionError(String.join("\n", findings));
        }
    }

    /// Lives as long as the whole run.
    private static final class Watch implements AutoCloseable {
        private final BlockingLog blocking = new BlockingLog("loop-");

        @Override
        public void close() {
            try (blocking) {
                fail(blocking.stop());
            }
            fail(LeakLog.collect());
        }
    }
}
