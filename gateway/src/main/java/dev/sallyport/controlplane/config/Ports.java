package dev.sallyport.controlplane.config;

/// The text of port numbers.
final class Ports {
    private Ports() {}

    /// The port that `text` is, or −1 when it is none.
    static int parse(String text) {
        if (text.isEmpty() || text.length() > 5 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return -1;
        }
        int port = Integer.parseInt(text);
        return port <= 65535 ? port : -1;
    }
}
