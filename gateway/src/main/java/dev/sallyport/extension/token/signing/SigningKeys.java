package dev.sallyport.extension.token.signing;

import com.nimbusds.jose.util.JSONObjectUtils;
import dev.sallyport.api.access.KeyInventory;
import dev.sallyport.api.access.KnownKey;
import dev.sallyport.api.plugin.Services;
import dev.sallyport.telemetry.Event;
import dev.sallyport.telemetry.EventLog;
import dev.sallyport.telemetry.MetricSink;
import dev.sallyport.telemetry.MetricSource;
import dev.sallyport.telemetry.Metrics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// The gateway's own signing keys, one object per process. Nothing is read or made before [#open].
///
/// All threads; only [#open] and the rotations block. A key is published before it signs and as long as anything
/// signed by it may count, so that rotation refuses nobody.
public final class SigningKeys implements KeyInventory, MetricSource {
    private static final Duration RETRY = Duration.ofMinutes(1);
    private static final int MOST_WAITING = 4096;
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private final Services services;
    private final EventLog log;
    private final KeyFile file;
    private final @Nullable Provider provider;
    private final Executor signers = signers();
    private final AtomicReference<Duration> longest = new AtomicReference<>(Duration.ZERO);
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicBoolean looking = new AtomicBoolean();
    private volatile SigningSettings settings = SigningSettings.USUAL;
    private volatile @Nullable Held held;

    /// @param look when the keys have to be looked at again
    private record Held(KeyRing ring, Instant look) {}

    /// Keys that the JDK signs with.
    public SigningKeys(Services services, EventLog log) {
        this(services, log, null);
    }

    /// Keys.
    ///
    /// @param provider whose code signs, where it can; null for the JDK's
    public SigningKeys(Services services, EventLog log, @Nullable Provider provider) {
        this.provider = provider;
        this.services = services;
        this.log = log;
        this.file = new KeyFile(services.folder());
    }

    /// Signing takes a tenth of a millisecond: too long for event loops, and not to be done by all cores at once.
    /// Taking
    /// work on takes no lock, which one who has it could keep an event loop waiting for.
    private static Executor signers() {
        int threads = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                threads,
                threads,
                10,
                TimeUnit.SECONDS,
                new LinkedTransferQueue<>(),
                Thread.ofPlatform().name("sallyport-signing-", 0).daemon().factory());
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /// Says that something in a configuration signs, and how long it counts at most; without side effects. For
    /// factories, before the keys are opened.
    public void need(Duration lifetime) {
        longest.accumulateAndGet(lifetime, (one, other) -> one.compareTo(other) > 0 ? one : other);
    }

    /// Whether anything signs.
    public boolean needed() {
        return !longest.get().isZero();
    }

    /// Reads the keys, or makes the first; again when settings change.
    ///
    /// @throws IOException they cannot be read or stored, and nothing was changed
    public void open(SigningSettings chosen) throws IOException {
        boolean first = held == null;
        hold(file.update(ring -> ring.at(services.clock().instant(), chosen, longest.get())), chosen);
        settings = chosen;
        if (first) {
            log.event(
                    Event.SIGNING_KEYS_OPENED,
                    "file",
                    file.name(),
                    "key",
                    signing().id());
        }
    }

    /// Whether they were opened, so that tokens can be signed.
    public boolean isOpen() {
        return held != null;
    }

    private KeyRing hold(KeyRing ring, SigningSettings chosen) {
        held = new Held(ring, ring.look(chosen, services.clock().instant()));
        return ring;
    }

    /// Signs a token.
    ///
    /// @param type   the `typ` of its header, such as `at+jwt`
    /// @param claims values as JSON has them: text, number, truth, `List`, `Map`
    /// @return the compact form; fails when the keys were never opened, or when too many wait
    public CompletionStage<String> sign(String type, Map<String, ?> claims) {
        CompletableFuture<String> token = new CompletableFuture<>();
        if (waiting.incrementAndGet() > MOST_WAITING) {
            waiting.decrementAndGet();
            token.completeExceptionally(new RejectedExecutionException("too many tokens wait to be signed"));
            return token;
        }
        signers.execute(() -> {
            waiting.decrementAndGet();
            try {
                token.complete(signed(type, claims));
            } catch (GeneralSecurityException | RuntimeException e) {
                token.completeExceptionally(e);
            }
        });
        return token;
    }

    private String signed(String type, Map<String, ?> claims) throws GeneralSecurityException {
        SigningKey key = signing();
        Map<String, Object> header = new LinkedHashMap<>();
        header.put("alg", key.algorithm().word());
        header.put("kid", key.id());
        header.put("typ", type);
        String input = part(header) + "." + part(claims);
        return input + "." + BASE64.encodeToString(key.sign(input.getBytes(StandardCharsets.US_ASCII), provider));
    }

    /// The claims of a token of `type` that one of these keys signed, not looking at what they say; null for any
    /// other.
    ///
    /// @throws IllegalStateException the keys were never opened
    public @Nullable Map<String, Object> claims(String type, String token) {
        return now().ring.claims(type, token);
    }

    private static String part(Map<String, ?> members) {
        return BASE64.encodeToString(JSONObjectUtils.toJSONString(members).getBytes(StandardCharsets.UTF_8));
    }

    private SigningKey signing() {
        return now().ring.signing(services.clock().instant());
    }

    private Held now() {
        Held now = held;
        if (now == null) {
            throw new IllegalStateException("the signing keys were never opened");
        }
        if (!services.clock().instant().isBefore(now.look) && looking.compareAndSet(false, true)) {
            services.blocking().execute(this::look);
        }
        Held latest = held;
        return latest == null ? now : latest;
    }

    /// Brings the next key in, and puts old ones away; what is in use stays when that fails.
    private void look() {
        try {
            rotated(file.update(ring -> ring.at(services.clock().instant(), settings, longest.get())));
        } catch (IOException | RuntimeException e) {
            log.event(Event.SIGNING_KEYS_NOT_STORED, "file", file.name(), "error", e);
            Held now = held;
            if (now != null) {
                held = new Held(now.ring, services.clock().instant().plus(RETRY));
            }
        } finally {
            looking.set(false);
        }
    }

    /// Publishes a new key, which signs as soon as everybody can know it; the one that is on its way, if any. Blocks.
    ///
    /// @throws IOException it cannot be stored, and nothing was changed
    public KnownKey rotate() throws IOException {
        open(settings);
        KeyRing ring = rotated(file.update(now -> now.withNext(services.clock().instant(), settings)));
        return known(ring, ring.keys().getLast());
    }

    /// Puts one new key in the place of all, at once: what the others signed no longer counts where it is verified
    /// by the published set. For keys that others may know. Blocks.
    ///
    /// @throws IOException it cannot be stored, and nothing was changed
    public KnownKey replace() throws IOException {
        KeyRing ring = rotated(file.update(now -> now.anew(services.clock().instant(), settings)));
        return known(ring, ring.keys().getLast());
    }

    private KeyRing rotated(KeyRing ring) {
        Held before = held;
        hold(ring, settings);
        for (SigningKey key : ring.keys()) {
            if (before != null
                    && before.ring.keys().stream().noneMatch(one -> one.id().equals(key.id()))) {
                log.event(Event.SIGNING_KEY_ADDED, "key", key.id(), "signs-from", key.begins());
            }
        }
        return ring;
    }

    /// The public keys as a JWK set (RFC 7517).
    ///
    /// @throws IllegalStateException the keys were never opened
    public byte[] publicSet() {
        return now().ring.publicSet(services.clock().instant()).getBytes(StandardCharsets.UTF_8);
    }

    /// The names of what they sign with.
    public List<String> algorithms() {
        return now().ring.keys().stream()
                .map(key -> key.algorithm().word())
                .distinct()
                .toList();
    }

    @Override
    public List<KnownKey> knownKeys() {
        List<KnownKey> known = new ArrayList<>();
        if (held != null) {
            KeyRing ring = now().ring;
            ring.keys().forEach(key -> known.add(known(ring, key)));
        }
        return known;
    }

    private KnownKey known(KeyRing ring, SigningKey key) {
        Instant now = services.clock().instant();
        String state = ring.signing(now).id().equals(key.id())
                ? "signing"
                : key.begins().isAfter(now) ? "next" : "retired";
        return new KnownKey(
                KnownKey.Use.SIGN, key.id(), key.algorithm().word(), file.name(), state, key.made(), key.expires());
    }

    @Override
    public void collect(MetricSink sink) {
        if (held != null) {
            Instant now = services.clock().instant();
            sink.value(
                    Metrics.SIGNING_KEY_AGE,
                    Duration.between(signing().begins(), now).toSeconds());
        }
    }
}
