package dev.sallyport.testing.guard;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import jdk.jfr.consumer.RecordedClass;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedStackTrace;
import jdk.jfr.consumer.RecordedThread;
import jdk.jfr.consumer.RecordingStream;

/// Every time an event loop of the gateway blocked, as the flight recorder saw it.
///
/// It sees, on threads named like the gateway's loops: sleeping, parking, waiting for a monitor (each however
/// short); entering a contended monitor for more than 10 ms; reading and writing files and sockets through the
/// JDK. It does not see native code, computation that takes long, nor a lock that was free. Loading and
/// initializing classes is left out, and so is the last thing an ending loop does.
final class BlockingLog implements AutoCloseable {
    private final String loopName;
    private final List<String> found = new CopyOnWriteArrayList<>();
    private final RecordingStream stream = new RecordingStream();

    /// @param loopName how the names of the threads to watch begin
    BlockingLog(String loopName) {
        this.loopName = loopName;
        stream.setReuse(false);
        stream.setMaxAge(Duration.ofMinutes(1));
        for (String always : List.of("jdk.ThreadSleep", "jdk.ThreadPark", "jdk.JavaMonitorWait")) {
            watch(always, Duration.ZERO);
        }
        for (String io :
                List.of("jdk.FileRead", "jdk.FileWrite", "jdk.FileForce", "jdk.SocketRead", "jdk.SocketWrite")) {
            watch(io, Duration.ZERO);
        }
        watch("jdk.JavaMonitorEnter", Duration.ofMillis(10));
        stream.startAsync();
    }

    private void watch(String event, Duration threshold) {
        stream.enable(event).withThreshold(threshold).withStackTrace();
        stream.onEvent(event, this::onEvent);
    }

    private void onEvent(RecordedEvent event) {
        RecordedThread thread = event.getThread();
        RecordedStackTrace stack = event.getStackTrace();
        if (thread == null || stack == null || thread.getJavaName() == null) {
            return;
        }
        if (thread.getJavaName().startsWith(loopName)
                && !loadsClasses(stack)
                && !initializesClass(event, stack)
                && !endsLoop(stack)) {
            found.add(describe(event, thread, stack));
        }
    }

    private static boolean loadsClasses(RecordedStackTrace stack) {
        for (RecordedFrame frame : stack.getFrames()) {
            String type = frame.getMethod().getType().getName();
            if (type.equals("java.lang.ClassLoader") || type.equals("jdk.internal.loader.BuiltinClassLoader")) {
                return true;
            }
        }
        return false;
    }

    /// Whether the virtual machine itself waits, for a class that another thread links or initializes: its
    /// lock is an empty array of int, which no code of ours ever locks.
    private static boolean initializesClass(RecordedEvent event, RecordedStackTrace stack) {
        RecordedClass monitor = event.hasField("monitorClass") ? event.getClass("monitorClass") : null;
        if (monitor != null && monitor.getName().equals("[I")) {
            return true;
        }
        return event.getEventType().getName().equals("jdk.JavaMonitorWait")
                && !stack.getFrames().getFirst().getMethod().getType().getName().equals("java.lang.Object");
    }

    /// Whether Netty tells others that this loop has ended: it serves nobody any more.
    private static boolean endsLoop(RecordedStackTrace stack) {
        return stack.getFrames().stream()
                .anyMatch(frame ->
                        frame.getMethod().getType().getName().equals("io.netty.util.concurrent.GlobalEventExecutor"));
    }

    private static String describe(RecordedEvent event, RecordedThread thread, RecordedStackTrace stack) {
        StringBuilder text = new StringBuilder("BLOCKED: ")
                .append(thread.getJavaName())
                .append(", ")
                .append(event.getEventType().getName())
                .append(", ")
                .append(event.getDuration().toMillis())
                .append(" ms");
        for (RecordedFrame frame : stack.getFrames()) {
            text.append("\n    ")
                    .append(frame.getMethod().getType().getName())
                    .append('.')
                    .append(frame.getMethod().getName())
                    .append(':')
                    .append(frame.getLineNumber());
        }
        return text.toString();
    }

    /// What was seen so far; events arrive up to a second late.
    List<String> found() {
        return new ArrayList<>(found);
    }

    /// Ends the watch and returns what was seen.
    List<String> stop() {
        stream.stop();
        return found();
    }

    @Override
    public void close() {
        stream.close();
    }
}
