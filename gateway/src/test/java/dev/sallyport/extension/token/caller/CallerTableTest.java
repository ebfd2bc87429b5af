package dev.sallyport.extension.token.caller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.identity.Principal;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CallerTableTest {
    private static Principal caller(String id) {
        return new Principal(id, "staff", Set.of());
    }

    @Test
    void remembersPerLoop() {
        CallerTable<String> table = new CallerTable<>(2, 64);
        Principal ada = caller("ada");
        table.put(0, ada, "token");
        assertThat(table.get(0, ada)).isEqualTo("token");
        assertThat(table.get(1, ada)).isNull();
        table.put(0, ada, "newer");
        assertThat(table.get(0, ada)).isEqualTo("newer");
    }

    @Test
    void knowsAnEqualCallerAgainButNoOther() {
        CallerTable<String> table = new CallerTable<>(1, 64);
        table.put(0, caller("ada"), "token");
        assertThat(table.get(0, caller("ada"))).isEqualTo("token");
        assertThat(table.get(0, new Principal("ada", "partners", Set.of()))).isNull();
        assertThat(table.get(0, new Principal("ada", "staff", Set.of("admin")))).isNull();
    }

    @Test
    void keepsWhoWasSeenLately() {
        CallerTable<String> table = new CallerTable<>(1, 4);
        table.put(0, caller("ada"), "ada");
        for (int i = 0; i < 20; i++) {
            table.put(0, caller("user-" + i), "other");
            assertThat(table.get(0, caller("ada"))).isEqualTo("ada");
            assertThat(table.get(0, caller("ada"))).isEqualTo("ada");
        }
    }

    @Test
    void givesNobodyWhatWasMadeOfAnother() {
        CallerTable<String> table = new CallerTable<>(1, 16);
        for (int i = 0; i < 1000; i++) {
            Principal caller = caller("user-" + i);
            assertThat(table.get(0, caller)).isNull();
            table.put(0, caller, caller.id());
            assertThat(table.get(0, caller)).isEqualTo(caller.id());
        }
    }
}
