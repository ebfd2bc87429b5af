package dev.sallyport.dataplane.authorize;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.access.Enforcement;
import dev.sallyport.api.access.Explanation;
import dev.sallyport.api.access.Strength;
import dev.sallyport.api.access.Verdict;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.identity.Principal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;

/// Laws of authorization, for any roles, rules and callers.
class AuthorizePropertiesTest {
    private static final List<String> ROLES = List.of("r0", "r1", "r2", "r3", "r4");
    private static final List<String> PERMISSIONS = List.of("a:x", "a:y", "b:x", "b:y");
    private static final List<String> CONDITIONS = List.of("true", "false", "error");

    /// A configuration and the rule of a route in it.
    record World(
            RoleModel roles,
            @Nullable Requirement require,
            @Nullable String when,
            List<Denial> denials) {
        AccessPolicy policy(List<Denial> with) {
            return new AccessPolicy(false, require, when == null ? null : Callers.condition(when), with);
        }

        AccessPolicy policy() {
            return policy(denials);
        }
    }

    private static boolean allows(AccessPolicy policy, Set<String> roles) {
        return policy.judge(exchange(roles)) instanceof Verdict.Allow;
    }

    private static Exchange exchange(Set<String> roles) {
        return Callers.exchange(Callers.caller(Map.of("scope", "s1", "acr", "gold"), roles.toArray(String[]::new)));
    }

    @Property(tries = 2_000)
    void anotherRoleNeverTakesAccessAwayWhereNothingDenies(@ForAll long seed) {
        Drawn drawn = new Drawn(seed);
        World world = drawn.world();
        Set<String> roles = drawn.caller();
        AccessPolicy policy = world.policy(List.of());
        Set<String> richer = new LinkedHashSet<>(roles);
        richer.add(drawn.role());
        assertThat(!allows(policy, roles) || allows(policy, richer)).isTrue();
    }

    @Property(tries = 2_000)
    void AZ_04_aDenialThatAppliesWins(@ForAll long seed) {
        Drawn drawn = new Drawn(seed);
        World world = drawn.world();
        Set<String> roles = drawn.caller();
        Denial extra = drawn.denial(world.roles, "deny[9]");
        Exchange exchange = exchange(roles);
        Principal caller = exchange.principal();
        boolean applies = extra.mode() == Enforcement.ENFORCE
                && Judging.applies(extra, exchange, caller, null) != Explanation.Answer.NO;
        List<Denial> all = new ArrayList<>(world.denials);
        all.add(extra);
        boolean before = allows(world.policy(), roles);
        assertThat(allows(world.policy(all), roles)).isEqualTo(before && !applies);
    }

    @Property(tries = 2_000)
    void anExplanationNeverDiffersFromTheJudgement(@ForAll long seed) {
        Drawn drawn = new Drawn(seed);
        World world = drawn.world();
        Set<String> roles = drawn.caller();
        Exchange judged = exchange(roles);
        Exchange explained = exchange(roles);
        Verdict verdict = world.policy().judge(judged);
        Explanation explanation = world.policy().explain(explained);
        assertThat(explanation.verdict()).isEqualTo(verdict);
        assertThat(explained.shadowDeniedBy()).isEqualTo(judged.shadowDeniedBy());
        // and its findings say so too: the first enforced one that refuses is the rule that decided
        String refusing = refusing(world, explanation);
        assertThat(refusing)
                .isEqualTo(
                        switch (verdict) {
                            case Verdict.Allow _ -> "";
                            case Verdict.Deny deny -> deny.rule();
                            case Verdict.Prove prove -> prove.rule();
                            case Verdict.Undecided _, Verdict.Await _ -> "await";
                        });
    }

    private static String refusing(World world, Explanation explanation) {
        for (Explanation.Finding finding : explanation.findings()) {
            boolean denial = finding.rule().startsWith("deny[");
            boolean shadow = world.denials.stream()
                    .anyMatch(one -> one.name().equals(finding.rule()) && one.mode() == Enforcement.SHADOW);
            boolean refuses = switch (finding.answer()) {
                case YES -> denial;
                case NO -> !denial;
                case UNKNOWN -> true;
                case UNASKED, VALUE -> false;
            };
            if (refuses && !shadow) {
                return finding.rule();
            }
        }
        return "";
    }

    /// The flattened sets say what following the inheritance step by step says.
    @Property(tries = 2_000)
    void flatteningAgreesWithWalkingUp(@ForAll long seed) {
        Drawn drawn = new Drawn(seed);
        RoleModel model = drawn.model();
        Set<String> roles = drawn.caller();
        String text = drawn.of(PERMISSIONS);
        Permission wanted = Permission.parse(text);
        boolean walked = roles.stream().anyMatch(role -> grants(model, role, wanted));
        AccessPolicy policy = new AccessPolicy(false, Callers.permission(model, text), null, List.of());
        assertThat(allows(policy, roles)).isEqualTo(walked);
    }

    private static boolean grants(RoleModel model, String name, Permission wanted) {
        RoleModel.Role role = model.roles().get(name);
        return role != null
                && (role.permissions().stream().anyMatch(one -> one.covers(wanted))
                        || role.inherits().stream().anyMatch(parent -> grants(model, parent, wanted)));
    }

    /// Whatever there can be, drawn by chance: arbitraries of arbitraries take jqwik minutes.
    private static final class Drawn {
        private static final List<String> HELD = List.of("a:x", "a:y", "b:x", "b:y", "a:*", "*:x", "*:*");
        private static final List<String> CARRIED = List.of("r0", "r1", "r2", "r3", "r4", "unknown", "r", "*");

        private final SplittableRandom random;

        Drawn(long seed) {
            random = new SplittableRandom(seed);
        }

        private boolean chance(int percent) {
            return random.nextInt(100) < percent;
        }

        String of(List<String> choices) {
            return choices.get(random.nextInt(choices.size()));
        }

        String role() {
            return of(CARRIED);
        }

        Set<String> caller() {
            Set<String> roles = new LinkedHashSet<>();
            for (int i = random.nextInt(4); i > 0; i--) {
                roles.add(role());
            }
            return roles;
        }

        /// Roles inherit only those before them: without circles.
        RoleModel model() {
            Map<String, RoleModel.Role> roles = new LinkedHashMap<>();
            for (int i = 0; i < ROLES.size(); i++) {
                Set<Permission> held = new LinkedHashSet<>();
                Set<String> parents = new LinkedHashSet<>();
                for (int n = random.nextInt(3); n > 0; n--) {
                    held.add(Permission.parse(of(HELD)));
                }
                for (int n = i == 0 ? 0 : random.nextInt(3); n > 0; n--) {
                    parents.add(ROLES.get(random.nextInt(i)));
                }
                roles.put(ROLES.get(i), new RoleModel.Role(List.copyOf(parents), List.copyOf(held)));
            }
            return new RoleModel(roles);
        }

        private Grant[] grants() {
            Grant[] grants = new Grant[random.nextInt(3)];
            for (int i = 0; i < grants.length; i++) {
                Set<String> authenticators = chance(50) ? Set.of() : Set.of(chance(50) ? "staff" : "partners");
                grants[i] = new Grant("grants[0]", of(ROLES), Callers.condition(of(CONDITIONS)), authenticators);
            }
            return grants;
        }

        private Requirement requirement(RoleModel model, int depth) {
            return switch (random.nextInt(depth > 0 ? 6 : 4)) {
                case 0 -> Callers.permission(model, of(PERMISSIONS), grants());
                case 1 -> Callers.role(model, of(ROLES), grants());
                case 2 -> new Requirement.HasScopes(List.of(of(List.of("s1", "s2"))));
                case 3 ->
                    new Requirement.Proven(new Strength(List.of(of(List.of("gold", "silver"))), Strength.ANY_AGE));
                case 4 -> new Requirement.AnyOf(requirements(model, depth - 1));
                default -> new Requirement.AllOf(requirements(model, depth - 1));
            };
        }

        private List<Requirement> requirements(RoleModel model, int depth) {
            List<Requirement> all = new ArrayList<>();
            for (int n = 1 + random.nextInt(3); n > 0; n--) {
                all.add(requirement(model, depth));
            }
            return all;
        }

        Denial denial(RoleModel model, String name) {
            boolean conditional = chance(50);
            return new Denial(
                    name,
                    conditional && chance(40) ? null : requirement(model, 1),
                    conditional ? Callers.condition(of(CONDITIONS)) : null,
                    chance(50) ? Enforcement.ENFORCE : Enforcement.SHADOW);
        }

        World world() {
            RoleModel model = model();
            List<Denial> denials = new ArrayList<>();
            for (int i = random.nextInt(3); i > 0; i--) {
                denials.add(denial(model, "deny[" + denials.size() + "]"));
            }
            return new World(
                    model, chance(80) ? requirement(model, 3) : null, chance(50) ? of(CONDITIONS) : null, denials);
        }
    }
}
