package dev.sallyport.extension.authn.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.api.http.Method;
import dev.sallyport.extension.state.MemoryState;
import dev.sallyport.testing.Eventually;
import dev.sallyport.testing.FakeServices;
import dev.sallyport.testing.SharedView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Sessions of gateways that share their state and nothing else: each has a folder of its own.
class SharedSessionsTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    @TempDir
    private Path folder;

    private final AtomicBoolean failing = new AtomicBoolean();
    private final AtomicReference<Instant> now = new AtomicReference<>(START);
    private final SharedView state = new SharedView(new MemoryState(now::get), failing::get);
    private final FakeServices one = new FakeServices(Path.of("one"), START, state);
    private final FakeProvider provider = new FakeProvider(one.clock());

    private final List<Site> sites = new ArrayList<>();

    private Site node(String name) {
        FakeServices services = new FakeServices(folder.resolve(name), START, state);
        services.at(now.get());
        Site site = Site.at(Site.URL, services, provider, settings -> {});
        sites.add(site);
        return site;
    }

    @AfterEach
    void close() {
        sites.forEach(Site::close);
    }

    @Test
    void OA_19_aSessionBegunAtOneWorksAtTheOther() throws IOException {
        Site here = node("here");
        Site there = node("there");
        Site.Browser browser = here.loggedIn();
        Site.Browser same = there.browser();
        same.cookies.putAll(browser.cookies);
        assertThat(same.fetch(Method.GET, "/").status()).isEqualTo(200);
        try (Stream<Path> files = Files.walk(folder)) {
            assertThat(files.filter(file -> file.toString().endsWith("keys")))
                    .as("keys that only one of them would know")
                    .isEmpty();
        }
        assertThat(same.post(Paths.of(Site.NAME).logout(), "sec-fetch-site", "same-origin")
                        .status())
                .isLessThan(400);
        assertThat(browser.fetch(Method.GET, "/").status()).isEqualTo(401);
    }

    @Test
    void OA_02_aLoginBegunAtOneEndsAtTheOther() {
        Site here = node("here");
        Site there = node("there");
        Site.Browser browser = here.browser();
        Map<String, String> answer = provider.authorize(browser.open("/orders").location());
        Site.Browser same = there.browser();
        same.cookies.putAll(browser.cookies);
        assertThat(same.back(answer).status()).isEqualTo(302);
        assertThat(same.fetch(Method.GET, "/").status()).isEqualTo(200);
    }

    @Test
    void OA_19_aKeyThatTheOtherMadeLaterIsLearnt() {
        Site here = node("here");
        Site.Browser early = here.loggedIn();
        now.set(START.plus(Duration.ofHours(25)));
        here.services.at(now.get());
        one.at(now.get());
        Site there = node("there");
        Site.Browser late = there.loggedIn();
        Site.Browser same = here.browser();
        same.cookies.putAll(late.cookies);
        assertThat(same.fetch(Method.GET, "/").status()).isEqualTo(200);
        assertThat(early.cookies).isNotEmpty();
    }

    @Test
    void FA_13_G4_withoutTheStoreNoSessionCountsAndNoneBegins() {
        Site here = node("here");
        Site.Browser browser = here.loggedIn();
        assertThat(browser.fetch(Method.GET, "/").status()).isEqualTo(200);
        failing.set(true);
        // what fails is nobody's proof: the gate and the flow make it 503
        assertThatThrownBy(() -> browser.fetch(Method.GET, "/")).hasMessage("no answer");
        assertThatThrownBy(() -> here.browser().login("/orders")).hasMessage("no answer");
        failing.set(false);
        Eventually.until(
                "it goes on by itself", () -> browser.fetch(Method.GET, "/").status() == 200);
    }
}
