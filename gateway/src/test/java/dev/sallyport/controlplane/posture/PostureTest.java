package dev.sallyport.controlplane.posture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.controlplane.config.read.RecordReader;
import dev.sallyport.testing.OfflineConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What is weak in configurations: for each rule one that has it, at one place, and a sound one that has nothing.
class PostureTest {
    private static final Path TLS = Path.of("src/test/resources/config/tls").toAbsolutePath();
    private static final String LISTENER = "listeners: { plain: { bind: \"127.0.0.1:8080\" } }";
    private static final String STAFF = "kind: jwt, issuer: \"https://id.example.com\", audience: a, max-lifetime: 1h, "
            + "bound-to: [dpop], principal: { roles: roles }";
    private static final String ENDPOINT = "\"http://127.0.0.1:9001\"";
    private static final String ACCESS = "access: { authenticate: [staff], require: orders:read }";
    private static final String SOUND = """
            version: 1
            %s
            upstreams: { orders: { endpoints: [%s] } }
            authenticators: { staff: { %s } }
            revocation: { list: revoked.yaml }
            roles:
              reader: { permissions: ["orders:read"] }
              clerk: { inherits: [reader], permissions: ["orders:write"] }
              boss: { inherits: [clerk] }
            routes:
              orders: { match: { hosts: [a.test], path: "/orders/**" }, %s, upstream: orders, limits: [each] }
            limits: { each: { key: client.address, rate: 100/s } }
            admin: { token: "${env:ADMIN_TOKEN}" }
            """.formatted(LISTENER, ENDPOINT, STAFF, ACCESS);

    @TempDir
    private Path folder = Path.of("");

    private Posture posture(String yaml) {
        try {
            Files.writeString(folder.resolve("revoked.yaml"), "revoked: []\n");
            Files.writeString(folder.resolve("keys.yaml"), "version: \"1\"\n");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return Posture.of(OfflineConfig.compiled(folder, yaml.replace("TLS/", TLS + "/")), Rules.all());
    }

    private static Arguments row(String id, String path, String from, String to) {
        if (!SOUND.contains(from)) {
            throw new IllegalArgumentException(from + ": not in the configuration");
        }
        return Arguments.of(id, path, SOUND.replace(from, to));
    }

    private static String listener(String rest) {
        return "listeners: { plain: { bind: \"127.0.0.1:8080\", " + rest + " } }";
    }

    private static String tls(String rest) {
        return listener("tls: { certificates: [ { chain: TLS/server.crt, key: TLS/server.key } ]" + rest + " }");
    }

    static Stream<Arguments> weaknesses() {
        String guarded = "access: { authenticate: [staff], require: orders:read";
        String access = "routes.orders.access";
        String keys = "authenticators: { staff: { " + STAFF
                + " }, other: { kind: api-key, keys: keys.yaml, pepper: \"${env:PEPPER}\"";
        String authenticators = "authenticators: { staff: { " + STAFF + " } }";
        String basic = "authenticators: { staff: { " + STAFF + " }, people: { kind: basic, users: keys.yaml } }";
        return Stream.of(
                row(
                        "SP-A001",
                        access,
                        "path: \"/orders/**\" }, " + ACCESS,
                        "path: \"/orders/**\", methods: [GET] }, access: public"),
                row("SP-A002", access, ACCESS, "access: public"),
                row("SP-A012", "routes.orders", "limits: [each]", "limits: []"),
                row("SP-A003", access, ACCESS, "access: { authenticate: [staff] }"),
                row("SP-A004", access + ".optional", ACCESS, "access: { optional: [staff] }"),
                row("SP-A005", access + ".mode", ACCESS, guarded + ", mode: shadow }"),
                row(
                        "SP-A006",
                        access + ".deny[0].mode",
                        ACCESS,
                        guarded + ", deny: [ { role: boss, mode: shadow } ] }"),
                row("SP-A007", access + ".pass-credential", ACCESS, guarded + ", pass-credential: true }"),
                Arguments.of(
                        "SP-A008",
                        access + ".pass-credential",
                        SOUND.replace(ACCESS, guarded + ", pass-credential: true }")
                                .replace(ENDPOINT, "\"http://orders.internal:9001\"")),
                row(
                        "SP-A009",
                        "routes.orders.allow-ambiguous",
                        "limits: [each] }",
                        "limits: [each], allow-ambiguous: [encoded-slash] }"),
                row("SP-A010", "routes.orders.match", ", path: \"/orders/**\"", ""),
                Arguments.of(
                        "SP-A011",
                        access,
                        SOUND.replace(authenticators, basic)
                                .replace("authenticate: [staff]", "authenticate: [staff, people]")),
                row("SP-A020", "roles.reader.permissions[0]", "[\"orders:read\"]", "[\"*:*\"]"),
                row("SP-A021", "roles.reader.permissions[0]", "[\"orders:read\"]", "[\"orders:*\"]"),
                Arguments.of(
                        "SP-A022",
                        "roles.boss",
                        SOUND.replace(
                                "principal: { roles: roles }",
                                "principal: { roles: roles, role-names: { x: clerk } }")),
                row(
                        "SP-A023",
                        "grants[0]",
                        "roles:\n",
                        "grants: [ { role: boss, authenticators: [staff] } ]\nroles:\n"),
                row("SP-A030", "authenticators.staff", ", max-lifetime: 1h", ""),
                row("SP-A030", "authenticators.staff.max-lifetime", "max-lifetime: 1h", "max-lifetime: 61m"),
                Arguments.of(
                        "SP-A031",
                        "authenticators.login.session.absolute",
                        SOUND.replace(
                                authenticators,
                                authenticators.substring(0, authenticators.length() - 2)
                                        + ", login: { kind: oidc, issuer: \"https://id.example.com\", client: { id: a }, session: { absolute: 25h } } }")),
                row(
                        "SP-A032",
                        "routes.token.token-service.clients.a.lifetime",
                        "routes:\n",
                        "routes:\n  token: { match: { hosts: [a.test], path: \"/oauth/**\" }, access: public, token-service: { issuer: \"http://a.test/oauth\", audience: b, clients: { a: { secret: \"${env:SECRET}\", lifetime: 2h } } } }\n"),
                row("SP-A033", "authenticators.staff", ", bound-to: [dpop]", ""),
                row("SP-A034", "authenticators.staff.secret", "audience: a", "audience: a, secret: \"${env:SECRET}\""),
                Arguments.of(
                        "SP-A035",
                        "authenticators.other.from.query",
                        SOUND.replace(authenticators, keys + ", from: { query: key } } }")),
                Arguments.of("SP-A036", "authenticators.people", SOUND.replace(authenticators, basic)),
                Arguments.of(
                        "SP-A037",
                        "authenticators.ask.cache.positive",
                        SOUND.replace(
                                authenticators,
                                authenticators.substring(0, authenticators.length() - 2)
                                        + ", ask: { kind: introspection, endpoint: \"https://id.example.com/ask\", client: { id: a, secret: \"${env:SECRET}\" }, bound-to: [dpop], cache: { positive: 2m } } }")),
                row("SP-A038", "admin.token", "${env:ADMIN_TOKEN}", "${env:ADMIN_TOKEN:-0123456789abcdef}"),
                row("SP-A039", "revocation", "revocation: { list: revoked.yaml }\n", ""),
                row("SP-A040", "listeners.plain.bind", "127.0.0.1:8080", "0.0.0.0:8080"),
                row("SP-A041", "listeners.plain.tls.min-version", LISTENER, tls("")),
                row("SP-A042", "listeners.plain.tls.client-certificate", LISTENER, tls(", min-version: TLSv1.3")),
                row(
                        "SP-A043",
                        "listeners.plain.trusted-proxies[1]",
                        LISTENER,
                        listener("trusted-proxies: [10.0.0.1, 0.0.0.0/0]")),
                row("SP-A043", "listeners.plain.trusted-proxies[0]", LISTENER, listener("trusted-proxies: [\"::/0\"]")),
                row(
                        "SP-A044",
                        "listeners.plain.trusted-proxies[0]",
                        LISTENER,
                        listener("trusted-proxies: [10.0.0.0/7, 10.0.0.0/8]")),
                row("SP-A045", "listeners.plain.tls.unknown-name", LISTENER, tls(", unknown-name: first-certificate")),
                row("SP-A050", "upstreams.orders.endpoints[0]", ENDPOINT, "\"http://orders.internal:9001\""),
                row("SP-A051", "upstreams.orders", ENDPOINT, "\"https://orders.internal:9001\""),
                row(
                        "SP-A052",
                        "upstreams.orders.tls.insecure-skip-verify",
                        "[" + ENDPOINT + "]",
                        "[\"https://orders.internal:9001\"], tls: { insecure-skip-verify: true }"),
                row("SP-A060", "admin.bind", "admin: { ", "admin: { bind: \"0.0.0.0:9901\", "),
                row("SP-A061", "admin", "admin: { token: \"${env:ADMIN_TOKEN}\" }", ""),
                row(
                        "SP-A062",
                        "observe.access-log.to",
                        "version: 1\n",
                        "version: 1\nobserve: { access-log: { to: off } }\n"),
                row("SP-A063", "state.redis.url", "version: 1\n", "version: 1\n" + state("url: \"redis://10.0.0.5\"")),
                row(
                        "SP-A063",
                        "state.redis.cluster[1]",
                        "version: 1\n",
                        "version: 1\n" + state("cluster: [\"redis://127.0.0.1\", \"redis://[2001:db8::1]:6380\"]")));
    }

    private static String state(String where) {
        return "state: { redis: { " + where + ", key: \"${env:STATE_KEY}\" } }\n";
    }

    @Test
    void sharedStateOnThisMachineNeedsNoTls() {
        for (String where : List.of("url: \"redis://127.0.0.1\"", "url: \"rediss://10.0.0.5\"")) {
            assertThat(posture(SOUND.replace("version: 1\n", "version: 1\n" + state(where)))
                            .findings())
                    .isEmpty();
        }
    }

    @Test
    void aSoundConfigurationHasNoFindings() {
        assertThat(posture(SOUND).findings()).isEmpty();
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("weaknesses")
    void finds(String id, String path, String yaml) {
        List<Finding> found = posture(yaml).findings().stream()
                .filter(finding -> finding.rule().id().equals(id))
                .toList();
        assertThat(found).extracting(Finding::path).containsExactly(path);
        assertThat(found.getFirst().at().file()).endsWith("gateway.yaml");
    }

    @Test
    void everyRuleIsTriedAndSaysWhatWouldBeRight() {
        Set<Object> tried = new HashSet<>(Set.of("SP-A090", "SP-A091"));
        weaknesses().forEach(row -> tried.add(row.get()[0]));
        assertThat(Rules.all()).extracting(Rule::id).doesNotHaveDuplicates().allMatch(tried::contains);
        assertThat(Rules.all())
                .extracting(Rule::name)
                .doesNotHaveDuplicates()
                .allMatch(name -> name.matches("([A-Z][a-z]+)+"));
        assertThat(Rules.all())
                .allSatisfy(rule -> assertThat(List.of(rule.title(), rule.why(), rule.right()))
                        .allMatch(text -> text.endsWith(".")));
    }

    @Test
    void theMostSevereComesFirstWithItsPlace() {
        Posture posture = posture(SOUND.replace(ACCESS, "access: { authenticate: [staff], mode: shadow }"));
        assertThat(posture.findings())
                .extracting(finding -> finding.rule().id())
                .containsExactly("SP-A005", "SP-A003");
        assertThat(posture.findings().getFirst().at().line()).isEqualTo(11);
        assertThat(posture.hasAtLeast(Severity.HIGH)).isTrue();
    }

    @Test
    void AD_06_secretsAreInNoFinding() {
        String weak = SOUND.replace(
                "audience: a",
                "audience: a, secret: \"${env:SECRET:-topsecret-topsecret-topsecret-topsecret-topsecret-topsecret-topsecret}\"");
        assertThat(posture(weak).findings())
                .isNotEmpty()
                .noneMatch(finding -> finding.toString().contains("topsecret")
                        || finding.toString().contains("0123456789abcdef"));
    }

    // ---- ignoring

    private Posture without(String yaml, String list) {
        RecordReader.Outcome<IgnoreList> read =
                RecordReader.parse("ignore.yaml", list.getBytes(StandardCharsets.UTF_8), IgnoreList.class);
        assertThat(read.problems()).isEmpty();
        return posture(yaml)
                .without(
                        Objects.requireNonNull(read.value()), read.places(), "ignore.yaml", LocalDate.of(2026, 11, 28));
    }

    private static List<String> ids(Posture posture) {
        return posture.findings().stream().map(finding -> finding.rule().id()).toList();
    }

    @Test
    void anEntryCoversTheKeyAndWhatStandsBelowIt() {
        String open = SOUND.replace(ACCESS, "access: public");
        assertThat(ids(posture(open))).containsExactly("SP-A002");
        Posture ignored =
                without(open, "ignore: [ { id: SP-A002, path: routes.orders, reason: why not, until: 2026-11-28 } ]");
        assertThat(ignored.findings()).isEmpty();
        assertThat(ignored.ignored()).extracting(Posture.Ignored::reason).containsExactly("why not");
    }

    @Test
    void anEntryForAnotherKeyOrRuleIsUnusedAndCounts() {
        String open = SOUND.replace(ACCESS, "access: public");
        assertThat(ids(without(open, "ignore:\n  - { id: SP-A002, path: routes.order, reason: r }")))
                .containsExactly("SP-A002", "SP-A090");
        Posture other = without(open, "ignore:\n  - { id: SP-A001, path: routes.orders, reason: r }");
        assertThat(ids(other)).containsExactly("SP-A002", "SP-A090");
        assertThat(other.findings().getLast().at()).hasToString("ignore.yaml:2:5");
    }

    @Test
    void anExpiredEntryIgnoresNothing() {
        String open = SOUND.replace(ACCESS, "access: public");
        assertThat(ids(without(open, "ignore: [ { id: SP-A002, path: routes.orders, reason: r, until: 2026-11-27 } ]")))
                .containsExactlyInAnyOrder("SP-A002", "SP-A091");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{ id: SP-A002, path: a }",
                "{ id: SP-A002, path: a, reason: ' ' }",
                "{ id: SP-A999, path: a, reason: b }",
                "{ id: SP-A002, path: '', reason: b }",
                "{ id: SP-A002, path: a, reason: b, until: tomorrow }"
            })
    void anEntryMustSayRulePlaceAndReason(String entry) {
        assertThat(RecordReader.parse(
                                "ignore.yaml",
                                ("ignore: [ " + entry + " ]").getBytes(StandardCharsets.UTF_8),
                                IgnoreList.class)
                        .problems())
                .hasSize(1);
    }

    // ---- what is shipped

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../examples/demo/sallyport.yaml",
                "../examples/minimal/sallyport.yaml",
                "../examples/tls/sallyport.yaml",
                "src/main/resources/dev/sallyport/app/cli/starter.yaml"
            })
    void examplesHaveNoHighFindings(String file) throws IOException {
        String text = Files.readString(Path.of(file))
                .replace("chain: tls/chain.pem", "chain: TLS/server.crt")
                .replace("key: tls/key.pem", "key: TLS/server.key");
        text = text.replaceAll("\\$\\{env:DEMO_(PORT|SHOP_A|SHOP_B|ADMIN_PORT):-(\\d+)}", "$2");
        assertThat(posture(text).findings().stream().filter(finding -> finding.severity() == Severity.HIGH))
                .isEmpty();
    }
}
