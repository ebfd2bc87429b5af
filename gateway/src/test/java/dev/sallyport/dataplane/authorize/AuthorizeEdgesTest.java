package dev.sallyport.dataplane.authorize;

import static dev.sallyport.dataplane.authorize.Callers.caller;
import static dev.sallyport.dataplane.authorize.Callers.condition;
import static dev.sallyport.dataplane.authorize.Callers.exchange;
import static dev.sallyport.dataplane.authorize.Callers.judge;
import static dev.sallyport.dataplane.authorize.Callers.role;
import static dev.sallyport.dataplane.authorize.Callers.roles;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.api.access.Enforcement;
import dev.sallyport.api.access.Strength;
import dev.sallyport.api.exchange.Exchanges;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Where one rule of authorization ends and the next begins.
class AuthorizeEdgesTest {
    private static final RoleModel SHOP = roles("reader: orders:read", "banned");

    private static AccessPolicy requiring(Requirement require) {
        return new AccessPolicy(false, require, null, List.of());
    }

    private static boolean allows(Requirement require, Map<String, ?> claims) {
        return judge(requiring(require), exchange(caller(claims))).startsWith("allow");
    }

    @ParameterizedTest
    @CsvSource({
        "orders:rea, orders:read",
        "orders:read, orders:reader",
        "order:read, orders:read",
        "orders:read, order:read",
        "orders:Read, orders:read"
    })
    void AZ_04_aBeginningIsNotTheWhole(String held, String wanted) {
        assertThat(Permission.parse(held).covers(Permission.parse(wanted))).isFalse();
    }

    @Test
    void AZ_04_aPermissionWithAWildcardIsNotOne() {
        assertThat(Permission.parse("orders:read").isSingle()).isTrue();
        assertThat(Permission.parse("*:read").isSingle()).isFalse();
        assertThat(Permission.parse("orders:*").isSingle()).isFalse();
    }

    @Test
    void aPartOfAPermissionHasALength() {
        String longest = "a".repeat(64);
        assertThat(Permission.parse(longest + ":" + longest).isSingle()).isTrue();
        assertThatThrownBy(() -> Permission.parse(longest + "a:x")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Permission.parse("x:a" + longest)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void AZ_05_aScopeIsFoundBehindOneThatBeginsLikeIt() {
        Requirement read = new Requirement.HasScopes(List.of("read"));
        assertThat(allows(read, Map.of("scope", "reader xread read"))).isTrue();
        assertThat(allows(read, Map.of("scope", "reader xread"))).isFalse();
        assertThat(allows(read, Map.of("scope", ""))).isFalse();
    }

    @Test
    void AZ_05_whereBothClaimsAreThereScopeCounts() {
        Requirement read = new Requirement.HasScopes(List.of("read"));
        assertThat(allows(read, Map.of("scope", "write", "scp", "read"))).isFalse();
        assertThat(allows(read, Map.of("scope", "read", "scp", "write"))).isTrue();
        assertThat(allows(read, Map.of("scope", 7L, "scp", "read"))).isFalse();
    }

    @Test
    void nobodyMeetsARequirementOfNothing() {
        assertThat(allows(new Requirement.HasScopes(List.of()), Map.of("scope", "read")))
                .isFalse();
        assertThat(allows(new Requirement.AnyOf(List.of()), Map.of())).isFalse();
        assertThat(allows(new Requirement.AllOf(List.of()), Map.of())).isFalse();
        assertThatThrownBy(() -> new Denial("deny[0]", null, null, Enforcement.ENFORCE))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anAgeIsReachedAndNotPassed() {
        long now = Exchanges.STARTED_AT_EPOCH_MILLIS / 1000;
        Requirement fresh = new Requirement.Proven(new Strength(List.of(), 300));
        assertThat(allows(fresh, Map.of("auth_time", now - 300))).isTrue();
        assertThat(allows(fresh, Map.of("auth_time", now - 301))).isFalse();
        assertThat(allows(fresh, Map.of("auth_time", now + 60))).isTrue();
        assertThat(allows(fresh, Map.of("auth_time", now + 61))).isFalse();
    }

    @Test
    void AZ_06_whateverAsksAConditionIsAskedAgain() {
        Grant grant = new Grant("grants[0]", "reader", condition("true"), Set.of());
        Requirement granted = role(SHOP, "reader", grant);
        Requirement plain = role(SHOP, "reader");
        assertThat(requiring(new Requirement.AllOf(List.of(plain, granted))).holdsForSeconds())
                .isOne();
        assertThat(requiring(new Requirement.AnyOf(List.of(plain, granted))).holdsForSeconds())
                .isOne();
        Denial denial = new Denial("deny[0]", granted, null, Enforcement.ENFORCE);
        assertThat(new AccessPolicy(false, plain, null, List.of(denial)).holdsForSeconds())
                .isOne();
    }
}
