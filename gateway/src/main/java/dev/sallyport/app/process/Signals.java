package dev.sallyport.app.process;

import java.lang.reflect.Proxy;

/// Signals of the operating system.
///
/// The JDK has one way to hear of them, `sun.misc.Signal`, which is supported but may not be named in source code
/// without a compiler warning; so it is found by name.
public final class Signals {
    private Signals() {}

    /// Runs `action` on a thread of its own whenever the signal `name` (`HUP`, `TERM`) comes.
    ///
    /// @throws IllegalStateException this Java or system does not know the signal
    public static void on(String name, Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object listening =
                    Proxy.newProxyInstance(Signals.class.getClassLoader(), new Class<?>[] {handler}, (_, method, _) -> {
                        if (!method.getName().equals("handle")) {
                            throw new UnsupportedOperationException(method.getName());
                        }
                        Thread.ofVirtual().name("signal-" + name).start(action);
                        return null;
                    });
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), listening);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("signal " + name + " cannot be listened to", e);
        }
    }
}
