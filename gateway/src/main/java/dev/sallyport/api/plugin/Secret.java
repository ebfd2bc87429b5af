package dev.sallyport.api.plugin;

/// A confidential text of the configuration, given by reference only (`${env:NAME}`, `${file:path}`); printed
/// masked everywhere (threat AD-06).
///
/// @param reveal the text itself, for the one place that needs it
public record Secret(String reveal) {
    @Override
    public String toString() {
        return "***";
    }
}
