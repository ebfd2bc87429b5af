package dev.sallyport.dataplane.authorize;

import static dev.sallyport.dataplane.authorize.Callers.roles;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RoleModelTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                "orders",
                "orders:",
                ":read",
                "a:b:c",
                "orders read",
                "or*:read",
                "orders:re*",
                "**:read",
                "-a:read",
                ".:read",
                "orders:read ",
                "örders:read",
                "orders:\u0000",
                "*"
            })
    void AZ_04_refusesWhatIsNoPermission(String text) {
        assertThatThrownBy(() -> Permission.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("resource:action");
    }

    @ParameterizedTest
    @CsvSource({
        "orders:read, orders:read, true",
        "orders:read, orders:write, false",
        "orders:*, orders:write, true",
        "orders:*, orders2:write, false",
        "*:read, orders:read, true",
        "*:read, orders:write, false",
        "*:*, a:b, true",
        "a.b-c_d:e1, a.b-c_d:e1, true",
        "orders:read, Orders:read, false",
    })
    void coversWholePartsOnly(String held, String wanted, boolean covers) {
        assertThat(Permission.parse(held).covers(Permission.parse(wanted))).isEqualTo(covers);
        assertThat(Permission.parse(held)).hasToString(held);
    }

    @Test
    void flattensInheritance() {
        RoleModel model = roles("a: x:1", "b < a: x:2", "c < b, a: x:3", "d: y:*");
        assertThat(model.permissions("c"))
                .extracting(Permission::toString)
                .containsExactlyInAnyOrder("x:1", "x:2", "x:3");
        assertThat(model.included("c")).containsExactlyInAnyOrder("a", "b", "c");
        assertThat(model.having("a")).containsExactly("a", "b", "c");
        assertThat(model.granting(Permission.parse("x:2"))).containsExactly("b", "c");
        assertThat(model.granting(Permission.parse("y:any"))).containsExactly("d");
        assertThat(model.granting(Permission.parse("z:any"))).isEmpty();
        assertThat(model.permissions("nobody")).isEmpty();
        assertThat(model.having("nobody")).isEmpty();
    }

    @Test
    void AZ_04_refusesCircles() {
        assertThatThrownBy(() -> roles("a < b", "b < c", "c < a"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a > b > c > a");
        assertThatThrownBy(() -> roles("a < a")).hasMessageContaining("a > a");
        assertThatThrownBy(() -> roles("a < b")).hasMessageContaining("inherits b");
        Map<String, RoleModel.Role> two = Map.of(
                "a", new RoleModel.Role(List.of("b"), List.of()),
                "b", new RoleModel.Role(List.of("a"), List.of()),
                "x", new RoleModel.Role(List.of("x"), List.of()));
        assertThat(RoleModel.cycles(two)).hasSize(2);
        assertThat(RoleModel.cycles(roles("a", "b < a", "c < a, b", "d < c, b").roles()))
                .isEmpty();
    }

    @Test
    void inheritsThroughThousandsOfRoles() {
        String[] chain = new String[5000];
        chain[0] = "r0: x:1";
        for (int i = 1; i < chain.length; i++) {
            chain[i] = "r" + i + " < r" + (i - 1);
        }
        assertThat(roles(chain).granting(Permission.parse("x:1"))).hasSize(chain.length);
    }
}
