package dev.sallyport.identity;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import dev.sallyport.testing.RawClient;
import dev.sallyport.testing.RecordingUpstream;
import dev.sallyport.testing.TestGateway;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// The console in a real browser.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConsoleIT {
    private static final String OPERATOR = "operator-of-the-console-tests";
    private static final String READER = "reader-of-the-console-tests";
    private static final Path SCREENSHOTS = Path.of("target/console");

    private final Playwright playwright = Chromium.playwright();
    private final Browser browser = Chromium.launch(playwright);
    private final RecordingUpstream upstream;
    private final TestGateway gateway;
    private final List<String> complaints = new CopyOnWriteArrayList<>();
    private BrowserContext context;
    private Page page;

    @SuppressWarnings("NullAway") // set before each test
    ConsoleIT(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("users.yaml"), "version: \"1\"\nusers: {}\n");
        Files.writeString(folder.resolve("token"), OPERATOR);
        Files.writeString(folder.resolve("read-token"), READER);
        upstream = RecordingUpstream.start();
        String many = IntStream.range(0, 1000)
                .mapToObj(i -> "  many-%d: { match: { path: \"/many/%d\" }, access: public, upstream: orders }\n"
                        .formatted(i, i))
                .collect(Collectors.joining());
        gateway = TestGateway.start("""
                version: 1
                listeners: { public: { bind: "127.0.0.1:0" } }
                upstreams: { orders: { endpoints: ["http://127.0.0.1:%1$d"] } }
                authenticators: { staff: { kind: basic, users: "%2$s/users.yaml" } }
                behaviour: {}
                limits: { per-address: { key: client.address, rate: 50/h, burst: 20 } }
                routes:
                  read-orders: { match: { path: "/orders/**" }, access: public, limits: [per-address], upstream: orders }
                  secret: { match: { path: "/secret/**" }, access: { authenticate: [staff] }, upstream: orders }
                %3$sadmin: { bind: "127.0.0.1:0", token: "${file:%2$s/token}", read-token: "${file:%2$s/read-token}" }
                """.formatted(upstream.port(), folder, many));
    }

    @BeforeEach
    void open() {
        context = browser.newContext(
                new Browser.NewContextOptions().setViewportSize(1280, 860).setColorScheme(ColorScheme.DARK));
        page = context.newPage();
        complaints.clear();
        page.onConsoleMessage(message -> {
            // a refused log-in is told to the console by the browser itself
            if (message.type().equals("error") && !message.text().contains("status of 401")) {
                complaints.add(message.text());
            }
        });
        page.onPageError(complaints::add);
        page.navigate("http://127.0.0.1:" + gateway.gateway().admin().getPort() + "/");
    }

    @AfterEach
    void close() {
        context.close();
        assertThat(complaints).as("errors in the browser").isEmpty();
    }

    @AfterAll
    void stop() throws IOException {
        browser.close();
        playwright.close();
        gateway.close();
        upstream.close();
    }

    private void logIn(String token) {
        page.getByLabel("Admin token").fill(token);
        page.keyboard().press("Enter");
        assertThat(page.locator("#main")).isFocused();
    }

    private void request(String path) throws IOException {
        try (RawClient client = RawClient.connect(gateway.port())) {
            client.exchange("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
        }
    }

    private void screenshot(String name) {
        page.screenshot(new Page.ScreenshotOptions()
                .setPath(SCREENSHOTS.resolve(name + ".png"))
                .setFullPage(false));
    }

    private Locator button(String name) {
        return main().getByRole(
                AriaRole.BUTTON,
                new Locator.GetByRoleOptions().setName(name).setExact(true));
    }

    private Locator main() {
        return page.locator("#main");
    }

    @Test
    void logsInAndOut() {
        page.getByLabel("Admin token").fill("not-the-token-at-all");
        page.keyboard().press("Enter");
        assertThat(page.locator("#login-error")).hasText("That is not the token.");
        screenshot("login");
        logIn(OPERATOR);
        assertThat(page.locator("#state")).hasText("ready");
        assertThat(page.locator("#role")).hasText("operator");
        assertThat(context.cookies()).singleElement().satisfies(cookie -> {
            assertThat(cookie.httpOnly).isTrue();
            assertThat(cookie.value).isNotEqualTo(OPERATOR);
        });
        page.reload();
        assertThat(page.locator("#role")).hasText("operator");
        page.getByText("Log out").click();
        assertThat(page.getByLabel("Admin token")).isVisible();
        page.reload();
        assertThat(page.getByLabel("Admin token")).isVisible();
    }

    @Test
    void showsWhatHappensAsItHappens() throws IOException {
        logIn(OPERATOR);
        Locator traffic = main().locator(".card").filter(new Locator.FilterOptions().setHasText("Traffic")).first();
        assertThat(traffic.locator("canvas")).isVisible();
        long end = System.nanoTime() + 20_000_000_000L;
        Locator busiest = main().getByRole(
                AriaRole.LINK, new Locator.GetByRoleOptions().setName("many-7"));
        while (busiest.count() == 0 && System.nanoTime() < end) {
            request("/many/7");
            page.waitForTimeout(50);
        }
        assertThat(busiest).isVisible();
        screenshot("overview");
    }

    @Test
    void showsRefusalsAndWhy() throws IOException {
        request("/secret/%3Cimg%20src=x%20onerror=alert(1)%3E");
        request("/secret/plans?token=hidden-from-view");
        logIn(READER);
        page.keyboard().press("g");
        page.keyboard().press("f");
        Locator row = main().locator("tbody tr").filter(new Locator.FilterOptions().setHasText("/secret/plans"));
        assertThat(row).containsText("401");
        assertThat(main()).containsText("onerror");
        assertThat(main().locator("img")).hasCount(0);
        assertThat(main()).not().containsText("hidden-from-view");
        row.click();
        assertThat(main().locator("pre").first()).containsText("secret");
        assertThat(main().locator("pre").first()).not().containsText("Asking");
        screenshot("refusals");
    }

    @Test
    void findsOneOfAThousandRoutes() {
        logIn(READER);
        page.keyboard().press("g");
        page.keyboard().press("r");
        assertThat(main()).containsText("1002 of 1002");
        screenshot("routes");
        page.keyboard().press("/");
        page.keyboard().type("many-777");
        assertThat(main()).containsText("1 of 1002");
        main().getByText("many-777").click();
        assertThat(main().locator("h2").first()).hasText("many-777");
        assertThat(main()).containsText("/many/777");
        screenshot("route");
    }

    @Test
    void operatorsGiveBackWhatALimitTook() throws IOException {
        for (int i = 0; i < 25; i++) {
            request("/orders/" + i);
        }
        logIn(READER);
        page.keyboard().press("g");
        page.keyboard().press("l");
        assertThat(main()).containsText("per-address");
        assertThat(button("Reset")).hasCount(0);
        page.getByText("Log out").click();
        logIn(OPERATOR);
        button("Reset").first().click();
        assertThat(page.locator(".toast")).containsText("has everything back");
        screenshot("limits");
        request("/orders/again");
        assertThat(upstream.requests().getLast().target()).isEqualTo("/orders/again");
    }

    @Test
    void operatorsBanAndPardon() throws IOException {
        logIn(OPERATOR);
        page.keyboard().press("g");
        page.keyboard().press("b");
        page.getByLabel("Whom").fill("203.0.113.7");
        button("Ban").click();
        assertThat(page.locator(".toast")).containsText("203.0.113.7 is banned for 1h");
        assertThat(main().locator("tbody")).containsText("203.0.113.7");
        screenshot("conduct");
        Locator row = main().locator("tbody tr").filter(new Locator.FilterOptions().setHasText("203.0.113.7"));
        row.getByText("Pardon").click();
        assertThat(row).hasCount(0);
    }

    @Test
    void checksTheConfiguration() throws IOException {
        logIn(OPERATOR);
        page.keyboard().press("g");
        page.keyboard().press("c");
        assertThat(main().locator("pre").last()).containsText("read-orders");
        assertThat(main()).not().containsText(OPERATOR);
        button("Check").click();
        assertThat(main()).containsText("The files say what is in use.");
        screenshot("configuration");
    }

    @Test
    void fitsAPhoneAndLight() {
        page.setViewportSize(390, 844);
        logIn(READER);
        page.locator("#theme").click();
        assertThat(page.locator("html")).hasAttribute("data-theme", "light");
        assertThat((Integer) page.evaluate("document.documentElement.scrollWidth - innerWidth"))
                .isLessThanOrEqualTo(0);
        screenshot("phone");
        for (String view : List.of(
                "routes", "upstreams", "limits", "refusals", "conduct", "alerts", "keys", "configuration")) {
            page.evaluate("location.hash = '#/" + view + "'");
            assertThat(main().locator(".card").first()).isVisible();
            assertThat((Integer) page.evaluate("document.documentElement.scrollWidth - innerWidth"))
                    .as(view)
                    .isLessThanOrEqualTo(0);
        }
    }
}
