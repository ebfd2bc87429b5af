package dev.sallyport.api.limit;

/// What keys are hashed with, so that nobody who chooses keys can choose where they collide. Two counters that share a
/// store share the secret.
public record KeySecret(long first, long second) {
    @Override
    public String toString() {
        return "KeySecret";
    }
}
