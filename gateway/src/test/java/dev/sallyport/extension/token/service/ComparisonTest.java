package dev.sallyport.extension.token.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Secrets are compared in a time that does not tell how much of them is right.
class ComparisonTest {
    private static Set<String> comparing(Class<?> type, String method) {
        return new ClassFileImporter()
                .importClasses(type).get(type).getMethodCallsFromSelf().stream()
                        .filter(call -> Set.of("equals", "isEqual", "compare", "compareTo", "mismatch")
                                .contains(call.getName()))
                        .filter(call -> call.getOrigin().getName().equals(method))
                        .map(call -> call.getTargetOwner().getSimpleName() + "." + call.getName())
                        .collect(Collectors.toSet());
    }

    @Test
    void AK_01_hashesOfSecretsAreComparedInConstantTime() {
        // the names of clients are no secrets
        assertThat(comparing(Clients.class, "authenticate"))
                .containsExactlyInAnyOrder("String.equals", "MessageDigest.isEqual");
        assertThat(comparing(RefreshTokens.class, "works")).containsExactly("MessageDigest.isEqual");
    }
}
