package dev.sallyport;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import dev.sallyport.api.plugin.OffLoop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// The rules of ARCHITECTURE.md: which package may see which, what event loops may not do, names and sizes.
class ArchitectureTest {
    private static final String ROOT = "dev.sallyport";
    private static final Path SOURCES = Path.of("src/main/java");
    private static final JavaClasses PRODUCT = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(ROOT);

    /// Bound, updated and closed by control threads, which wait for the loops; what runs on loops is elsewhere.
    private static final Set<String> OPERATED_FROM_OUTSIDE =
            Set.of(ROOT + ".dataplane.listen.Listener", ROOT + ".dataplane.loop.Workers");

    /// Override methods of JSSE whose parameters are sockets; they use none.
    private static final Set<String> OVERRIDES_WITH_SOCKETS =
            Set.of(ROOT + ".dataplane.tls.CertificateChoice", ROOT + ".dataplane.tls.StrictTrust");

    /// Parsed when a configuration is compiled, on a control thread: it may use regular expressions there, and
    /// read (never
    /// resolve) addresses.
    private static final String PARSED_ON_CONTROL_THREADS = ROOT + ".api.exchange.AddressRange";

    /// What extensions are asked on event loops.
    private static final Set<String> ASKED_ON_LOOPS =
            Set.of("decide", "onResponse", "pick", "record", "authenticate", "invite", "judge");

    // ---- directions

    @Test
    void apiSeesOnlyTheJdkJSpecifyAndNettysBuffer() {
        classes()
                .that(are(resideInAPackage(ROOT + ".api..")))
                .should()
                .onlyDependOnClassesThat(
                        resideInAnyPackage(ROOT + ".api..", "java..", "org.jspecify..", "io.netty.buffer.."))
                .check(PRODUCT);
    }

    @Test
    void apiLeavesSeeNoOtherPartOfApi() {
        for (String leaf : List.of("behaviour", "http", "identity", "json", "pem", "plugin", "state", "table")) {
            // the state that requests share is lent to plugins
            String lent = leaf.equals("plugin") ? "state" : leaf;
            noClasses()
                    .that(are(resideInAPackage(ROOT + ".api." + leaf + "..")))
                    .should()
                    .dependOnClassesThat(resideInAPackage(ROOT + ".api..")
                            .and(outside(ROOT + ".api." + leaf + "..", ROOT + ".api." + lent + "..")))
                    .allowEmptyShould(true)
                    .check(PRODUCT);
        }
    }

    @Test
    void exchangeNeverMentionsAccessOrTraffic() {
        noClasses()
                .that(are(resideInAPackage(ROOT + ".api.exchange..")))
                .should()
                .dependOnClassesThat(resideInAnyPackage(ROOT + ".api.access..", ROOT + ".api.traffic.."))
                .check(PRODUCT);
    }

    @Test
    void telemetryKnowsOnlyApi() {
        noClasses()
                .that(are(resideInAPackage(ROOT + ".telemetry..")))
                .should()
                .dependOnClassesThat(ours().and(outside(ROOT + ".api..", ROOT + ".telemetry..")))
                .check(PRODUCT);
    }

    @Test
    void extensionSeesOnlyApiAndTelemetry() {
        noClasses()
                .that(are(resideInAPackage(ROOT + ".extension..")))
                .should()
                .dependOnClassesThat(ours().and(outside(
                        ROOT + ".extension..", ROOT + ".api..", ROOT + ".telemetry..", ROOT + ".remote..")))
                .allowEmptyShould(true)
                .check(PRODUCT);
    }

    @Test
    void remoteKnowsOnlyApiAndTelemetryAndOnlyExtensionsKnowIt() {
        noClasses()
                .that(are(resideInAPackage(ROOT + ".remote..")))
                .should()
                .dependOnClassesThat(ours().and(outside(ROOT + ".api..", ROOT + ".telemetry..", ROOT + ".remote..")))
                .check(PRODUCT);
        noClasses()
                .that(outside(ROOT + ".extension..", ROOT + ".remote.."))
                .should()
                .dependOnClassesThat(resideInAPackage(ROOT + ".remote.."))
                .check(PRODUCT);
    }

    @Test
    void noKindOfExtensionSeesAnother() {
        slices().matching(ROOT + ".extension.(*)..")
                .should()
                .notDependOnEachOther()
                .allowEmptyShould(true)
                .check(PRODUCT);
    }

    @Test
    void dataplaneNeverSeesExtensionControlplaneOrApp() {
        noClasses()
                .that(are(resideInAPackage(ROOT + ".dataplane..")))
                .should()
                .dependOnClassesThat(
                        resideInAnyPackage(ROOT + ".extension..", ROOT + ".controlplane..", ROOT + ".app.."))
                .check(PRODUCT);
    }

    @Test
    void dataplaneAndExtensionNeverSeeYamlOrFiles() {
        noClasses()
                .that(are(resideInAnyPackage(ROOT + ".dataplane..", ROOT + ".api..")))
                .should()
                .dependOnClassesThat(resideInAnyPackage(
                                "org.snakeyaml..", "java.nio.file..", "picocli..", "tools.jackson..")
                        .and(describe(
                                "not merely a name", type -> !type.getName().equals("java.nio.file.Path"))))
                .check(PRODUCT);
    }

    @Test
    void controlplaneNeverSeesFlowOrProtocol() {
        noClasses()
                .that(are(resideInAPackage(ROOT + ".controlplane..")))
                .should()
                .dependOnClassesThat(resideInAnyPackage(
                        ROOT + ".dataplane.flow..",
                        ROOT + ".dataplane.protocol..",
                        ROOT + ".dataplane.http1..",
                        ROOT + ".dataplane.http2..",
                        ROOT + ".dataplane.upstream..",
                        ROOT + ".dataplane.message..",
                        ROOT + ".app..",
                        ROOT + ".extension.."))
                .allowEmptyShould(true)
                .check(PRODUCT);
    }

    @Test
    void nothingSeesApp() {
        noClasses()
                .that(outside(ROOT + ".app.."))
                .should()
                .dependOnClassesThat(resideInAPackage(ROOT + ".app.."))
                .check(PRODUCT);
    }

    @Test
    void packagesHaveNoCyclesAtAnyDepth() {
        slices().assignedFrom(new SliceAssignment() {
                    @Override
                    public SliceIdentifier getIdentifierOf(JavaClass type) {
                        return SliceIdentifier.of(type.getPackageName());
                    }

                    @Override
                    public String getDescription() {
                        return "packages";
                    }
                })
                .should()
                .beFreeOfCycles()
                .check(PRODUCT);
    }

    @Test
    void onlyTheGateMakesAdmissions() {
        assertThat(PRODUCT.get(ROOT + ".dataplane.admit.Admission").getConstructorCallsToSelf())
                .allSatisfy(call ->
                        assertThat(call.getOriginOwner().getSimpleName()).isEqualTo("AdmissionGate"));
    }

    // ---- what event loops may not do

    @Test
    void loopsNeverBlock() {
        noClasses()
                .that(onLoops()
                        .and(describe(
                                "not operated by control threads",
                                type -> !OPERATED_FROM_OUTSIDE.contains(type.getName()))))
                .should(callAnyOf(Map.of(
                        "java.lang.Thread", Set.of("sleep", "join"),
                        "java.lang.Object", Set.of("wait"),
                        "java.util.concurrent.Future", Set.of("get", "resultNow"),
                        "java.util.concurrent.CompletableFuture", Set.of("get", "join"),
                        "java.util.concurrent.CountDownLatch", Set.of("await"),
                        "io.netty.util.concurrent.Future",
                                Set.of("sync", "syncUninterruptibly", "await", "awaitUninterruptibly", "get"),
                        "io.netty.channel.ChannelFuture",
                                Set.of("sync", "syncUninterruptibly", "await", "awaitUninterruptibly", "get"))))
                .check(PRODUCT);
    }

    @Test
    void loopsNeverTouchFilesStreamsSocketsOrLocks() {
        noClasses()
                .that(onLoops()
                        .and(describe("not extending JSSE", type -> !OVERRIDES_WITH_SOCKETS.contains(type.getName()))))
                .should()
                .dependOnClassesThat(resideInAnyPackage("java.nio.file..", "java.util.concurrent.locks..")
                        .or(describe("java.io streams and files", ArchitectureTest::isStreamOrFile))
                        .or(describe(
                                "blocking sockets",
                                type -> type.getName().equals("java.net.Socket")
                                        || type.getName().equals("java.net.ServerSocket")
                                        || type.getName().equals("java.net.URLConnection"))))
                .check(PRODUCT);
    }

    private static boolean isStreamOrFile(JavaClass type) {
        return type.getPackageName().equals("java.io")
                && !type.isAssignableTo(Exception.class)
                && !type.getName().equals("java.io.Serializable")
                && !type.getName().equals("java.io.ObjectStreamException")
                && !type.getName().equals("java.io.Closeable");
    }

    @Test
    void loopsResolveNoNames() {
        noClasses()
                .that(onLoops().and(servingRequests()))
                .should(callAnyOf(Map.of("java.net.InetAddress", Set.of("getByName", "getAllByName", "getHostName"))))
                .check(PRODUCT);
    }

    @Test
    void loopsNeverSynchronize() {
        methods()
                .that()
                .areDeclaredInClassesThat(onLoops())
                .should()
                .notHaveModifier(JavaModifier.SYNCHRONIZED)
                .check(PRODUCT);
    }

    @Test
    void dataplaneUsesNoRegularExpressions() {
        noClasses()
                .that(onLoops().and(servingRequests()).and(resideInAPackage(ROOT + ".dataplane..")))
                .should()
                .dependOnClassesThat(resideInAPackage("java.util.regex.."))
                .orShould(callAnyOf(Map.of("java.lang.String", Set.of("matches", "replaceAll", "replaceFirst"))))
                .check(PRODUCT);
    }

    @Test
    void extensionsUseNoRegularExpressionsPerRequest() {
        assertThat(reachedFromLoops().stream()
                        .flatMap(code -> code.getMethodCallsFromSelf().stream())
                        .filter(call -> call.getTargetOwner().getPackageName().equals("java.util.regex")
                                || (call.getTargetOwner().isEquivalentTo(String.class)
                                        && Set.of("matches", "replaceAll", "replaceFirst")
                                                .contains(call.getName())))
                        .map(JavaMethodCall::getDescription))
                .isEmpty();
    }

    /// The methods of extensions that are called on event loops, and every method of ours that those can call.
    private static Set<JavaCodeUnit> reachedFromLoops() {
        Set<JavaCodeUnit> reached = new HashSet<>();
        Deque<JavaCodeUnit> open = new ArrayDeque<>();
        PRODUCT.stream()
                .filter(resideInAPackage(ROOT + ".extension.."))
                .flatMap(type -> type.getMethods().stream())
                .filter(method -> ASKED_ON_LOOPS.contains(method.getName()))
                .forEach(open::add);
        while (!open.isEmpty()) {
            JavaCodeUnit code = open.remove();
            if (reached.add(code)) {
                code.getCallsFromSelf().stream()
                        .flatMap(call -> call.getTarget().resolveMember().stream())
                        .filter(target -> ours().test(target.getOwner()))
                        .forEach(open::add);
            }
        }
        return reached;
    }

    private static DescribedPredicate<JavaClass> onLoops() {
        return describe(
                "on event loops",
                type -> resideInAnyPackage(ROOT + ".dataplane..", ROOT + ".extension..", ROOT + ".remote..")
                                .test(type)
                        && !outermost(type).isAnnotatedWith(OffLoop.class));
    }

    private static DescribedPredicate<JavaClass> servingRequests() {
        return describe(
                "serving requests",
                type -> !PARSED_ON_CONTROL_THREADS.equals(outermost(type).getName()));
    }

    private static JavaClass outermost(JavaClass type) {
        JavaClass outer = type;
        while (outer.getEnclosingClass().isPresent()) {
            outer = outer.getEnclosingClass().get();
        }
        return outer;
    }

    private static ArchCondition<JavaClass> callAnyOf(Map<String, Set<String>> methodsByOwner) {
        return new ArchCondition<>("call any of " + new TreeMap<>(methodsByOwner)) {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                type.getAccessesFromSelf().forEach(access -> {
                    for (Map.Entry<String, Set<String>> forbidden : methodsByOwner.entrySet()) {
                        boolean called = forbidden.getValue().contains(access.getName())
                                && access.getTargetOwner().isAssignableTo(forbidden.getKey());
                        if (called) {
                            events.add(SimpleConditionEvent.satisfied(type, access.getDescription()));
                        }
                    }
                });
            }
        };
    }

    // ---- what nothing may do

    @Test
    void onlyAppPrints() {
        noClasses().that(outside(ROOT + ".app..")).should(accessSystemStreams()).check(PRODUCT);
    }

    private static ArchCondition<JavaClass> accessSystemStreams() {
        return new ArchCondition<>("use System.out or System.err") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                type.getFieldAccessesFromSelf().forEach(access -> {
                    boolean printing = access.getTargetOwner().getName().equals("java.lang.System")
                            && Set.of("out", "err").contains(access.getName());
                    if (printing) {
                        events.add(SimpleConditionEvent.satisfied(type, access.getDescription()));
                    }
                });
            }
        };
    }

    @Test
    void nothingSleepsButTheControlPlane() {
        noClasses()
                .that(are(resideInAnyPackage(
                        ROOT + ".api..",
                        ROOT + ".telemetry..",
                        ROOT + ".remote..",
                        ROOT + ".dataplane..",
                        ROOT + ".extension..")))
                .should(callAnyOf(Map.of("java.lang.Thread", Set.of("sleep"))))
                .check(PRODUCT);
    }

    @Test
    void requestStateNeverHidesInThreads() {
        noClasses()
                .that(are(resideInAnyPackage(
                        ROOT + ".api..", ROOT + ".remote..", ROOT + ".dataplane..", ROOT + ".extension..")))
                .should()
                .dependOnClassesThat(describe(
                        "thread locals",
                        type -> type.isAssignableTo(ThreadLocal.class)
                                || type.getName().equals("java.lang.ScopedValue")
                                || type.getName().startsWith("io.netty.util.concurrent.FastThreadLocal")))
                .check(PRODUCT);
    }

    // ---- names and sizes

    @Test
    void typesAreNamedForWhatTheyAre() {
        assertThat(PRODUCT.stream()
                        .map(JavaClass::getSimpleName)
                        .filter(name ->
                                name.matches(".*(Manager|Helper|Helpers|Util|Utils|Impl)|(Abstract|Base)[A-Z].*")))
                .isEmpty();
    }

    @Test
    void accessorsHaveNoGet() {
        List<String> getters = PRODUCT.stream()
                .filter(outside(ROOT + ".app.."))
                .flatMap(type -> type.getMethods().stream())
                .filter(method -> method.getName().matches("get[A-Z].*")
                        && method.getRawParameterTypes().isEmpty()
                        && method.getModifiers().contains(JavaModifier.PUBLIC)
                        && method.getOwner().getAllRawSuperclasses().stream()
                                .noneMatch(parent ->
                                        parent.tryGetMethod(method.getName()).isPresent())
                        && method.getOwner().getAllRawInterfaces().stream()
                                .noneMatch(parent ->
                                        parent.tryGetMethod(method.getName()).isPresent()))
                .map(JavaMember::getFullName)
                .toList();
        assertThat(getters).isEmpty();
    }

    @TestFactory
    Stream<DynamicTest> packageIsDescribedAndNullMarked() {
        return packages().keySet().stream()
                .sorted()
                .map(name -> DynamicTest.dynamicTest(name, () -> {
                    assertThat(SOURCES.resolve(name.replace('.', '/')).resolve("package-info.java"))
                            .exists();
                    assertThat(Class.forName(name + ".package-info").isAnnotationPresent(NullMarked.class))
                            .isTrue();
                }));
    }

    @Test
    void packagesHaveAtMostTwentyTopLevelTypes() {
        Map<String, Long> sizes = packages().entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, entry ->
                (long) entry.getValue().size()));
        assertThat(sizes).allSatisfy((name, size) -> assertThat(size).as(name).isLessThanOrEqualTo(20));
    }

    private static Map<String, List<JavaClass>> packages() {
        return PRODUCT.stream()
                .filter(type -> type.getEnclosingClass().isEmpty()
                        && !type.getSimpleName().equals("package-info"))
                .collect(Collectors.groupingBy(JavaClass::getPackageName, TreeMap::new, Collectors.toList()));
    }

    @Test
    void filesAreShort() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src"))) {
            assertThat(files.filter(file -> file.toString().endsWith(".java"))
                            .sorted(Comparator.naturalOrder())
                            .filter(file -> lines(file) > 600))
                    .isEmpty();
        }
    }

    private static long lines(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.count();
        } catch (IOException e) {
            throw new IllegalStateException(file.toString(), e);
        }
    }

    private static DescribedPredicate<JavaClass> ours() {
        return resideInAPackage(ROOT + "..");
    }

    private static DescribedPredicate<JavaClass> outside(String... packages) {
        return DescribedPredicate.not(resideInAnyPackage(packages));
    }
}
