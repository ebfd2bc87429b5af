package dev.sallyport.telemetry;

import java.text.MessageFormat;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/// Takes what libraries (Netty and the JDK) say through `java.util.logging` into the [EventLog]; warnings and
/// worse only.
public final class LibraryLog extends Handler {
    private final EventLog log;

    private LibraryLog(EventLog log) {
        this.log = log;
    }

    /// Makes `log` the only destination of `java.util.logging`; once, before Netty is first used.
    public static void install(EventLog log) {
        LogManager.getLogManager().reset();
        Logger root = Logger.getLogger("");
        root.setLevel(Level.WARNING);
        root.addHandler(new LibraryLog(log));
    }

    @Override
    public void publish(LogRecord entry) {
        if (entry.getLevel().intValue() < Level.WARNING.intValue()) {
            return;
        }
        String message = message(entry);
        Throwable thrown = entry.getThrown();
        if (thrown == null) {
            log.event(Event.LIBRARY, "logger", entry.getLoggerName(), "message", message);
        } else {
            log.failure(Event.LIBRARY, thrown, "logger", entry.getLoggerName(), "message", message);
        }
    }

    private static String message(LogRecord entry) {
        String message = String.valueOf(entry.getMessage());
        Object[] parameters = entry.getParameters();
        if (parameters == null || parameters.length == 0) {
            return message;
        }
        try {
            return MessageFormat.format(message, parameters);
        } catch (IllegalArgumentException e) {
            return message;
        }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
}
