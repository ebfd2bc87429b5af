package dev.sallyport.extension.token.signing;

import java.time.Duration;

/// How signing keys come and go.
///
/// @param rotateEvery  how long a key signs
/// @param publishAhead how long it is published before it signs; less than `rotateEvery`
public record SigningSettings(SigningAlgorithm algorithm, Duration rotateEvery, Duration publishAhead) {
    public static final SigningSettings USUAL =
            new SigningSettings(SigningAlgorithm.ES256, Duration.ofDays(30), Duration.ofMinutes(10));
}
