package dev.sallyport.dataplane.behaviour;

import dev.sallyport.api.limit.KeySecret;
import dev.sallyport.dataplane.behaviour.score.Reading;
import dev.sallyport.dataplane.limit.KeyHash;

/// What is used again and again to look somebody up. Confined to one thread.
class Scratch {
    final KeyHash hash;
    final Reading reading = new Reading();

    Scratch(KeySecret secret) {
        hash = new KeyHash(secret);
    }
}
