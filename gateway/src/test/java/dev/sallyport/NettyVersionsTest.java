package dev.sallyport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.Version;
import java.io.File;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.FieldRefEntry;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;

/// The mixed set of Netty jars of docs/adr/0002-netty-version.md fits together.
class NettyVersionsTest {
    /// Jars that Netty refers to and works without.
    private static final String OPTIONAL = "io/netty/pkitesting/.*";

    @Test
    void nativeLibrariesHaveTheVersionOfTheClassesThatCallThem() {
        Map<String, Version> versions = Version.identify();
        String classes = version(versions, "netty-transport-classes-epoll");
        assertThat(version(versions, "netty-transport-native-unix-common")).isEqualTo(classes);
        assertThat(version(versions, "netty-transport-native-epoll")).isEqualTo(classes);
        assertThat(version(versions, "netty-transport-classes-io_uring")).isEqualTo(classes);
        assertThat(version(versions, "netty-transport-native-io_uring")).isEqualTo(classes);
    }

    @Test
    void everythingWithoutNativeCodeHasOneVersion() {
        Map<String, Version> versions = Version.identify();
        assertThat(versions.values().stream()
                        .filter(version -> !version.artifactId().matches("netty-transport-(native|classes)-.*"))
                        .map(Version::artifactVersion)
                        .distinct())
                .hasSize(1);
    }

    @Test
    void everyReferenceFromOneNettyJarToAnotherResolves() throws IOException {
        Map<String, ClassModel> classes = nettyClasses();
        assertThat(classes).hasSizeGreaterThan(1000);
        TreeSet<String> missing = new TreeSet<>();
        for (ClassModel model : classes.values()) {
            for (PoolEntry entry : model.constantPool()) {
                String unresolved = unresolved(classes, entry);
                if (!unresolved.isEmpty() && !unresolved.matches(OPTIONAL)) {
                    missing.add(model.thisClass().asInternalName() + " -> " + unresolved);
                }
            }
        }
        assertThat(missing).isEmpty();
    }

    private static String version(Map<String, Version> versions, String artifact) {
        Version version = versions.get(artifact);
        return version == null ? "missing: " + artifact : version.artifactVersion();
    }

    private static Map<String, ClassModel> nettyClasses() throws IOException {
        Map<String, ClassModel> classes = new HashMap<>();
        for (String path : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            if (!new File(path).getName().matches("netty-.*\\.jar")) {
                continue;
            }
            try (ZipFile jar = new ZipFile(path)) {
                for (ZipEntry entry : Collections.list(jar.entries())) {
                    if (entry.getName().matches("io/netty/.*\\.class")) {
                        ClassModel model =
                                ClassFile.of().parse(jar.getInputStream(entry).readAllBytes());
                        classes.put(model.thisClass().asInternalName(), model);
                    }
                }
            }
        }
        return classes;
    }

    private static String unresolved(Map<String, ClassModel> classes, PoolEntry entry) {
        if (entry instanceof MemberRefEntry member) {
            String owner = member.owner().asInternalName();
            boolean known = !owner.startsWith("io/netty/") || declares(classes, owner, member);
            return known ? "" : owner + "." + member.name() + member.type();
        }
        if (entry instanceof ClassEntry type) {
            String name = type.asInternalName();
            return !name.startsWith("io/netty/") || classes.containsKey(name) ? "" : name;
        }
        return "";
    }

    private static boolean declares(Map<String, ClassModel> classes, String owner, MemberRefEntry member) {
        ClassModel model = classes.get(owner);
        if (model == null) {
            return !owner.startsWith("io/netty/"); // inherited from the JDK or another library
        }
        String name = member.name().stringValue();
        String type = member.type().stringValue();
        boolean here = member instanceof FieldRefEntry
                ? model.fields().stream()
                        .anyMatch(field -> field.fieldName().equalsString(name)
                                && field.fieldType().equalsString(type))
                : model.methods().stream()
                        .anyMatch(method -> method.methodName().equalsString(name)
                                && method.methodType().equalsString(type));
        if (here) {
            return true;
        }
        if (model.superclass().isPresent()
                && declares(classes, model.superclass().get().asInternalName(), member)) {
            return true;
        }
        return model.interfaces().stream().anyMatch(parent -> declares(classes, parent.asInternalName(), member));
    }
}
