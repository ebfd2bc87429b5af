package dev.sallyport.app.alert;

import java.net.InetAddress;
import java.net.UnknownHostException;

/// The machine this process runs on.
final class Host {
    private Host() {}

    /// Its name, `localhost` when it has none.
    static String name() {
        String variable = System.getenv("HOSTNAME");
        if (variable != null && !variable.isBlank()) {
            return variable;
        }
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
