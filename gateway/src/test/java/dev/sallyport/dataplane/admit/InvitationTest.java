package dev.sallyport.dataplane.admit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.access.Authentication;
import dev.sallyport.api.access.Authenticator;
import dev.sallyport.api.access.Revocations;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Exchanges;
import dev.sallyport.api.exchange.HeaderEdits;
import dev.sallyport.api.exchange.LocalResponse;
import dev.sallyport.api.http.Headers;
import dev.sallyport.api.identity.Principal;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class InvitationTest {
    private static final LocalResponse LOGIN = new LocalResponse(302, Headers.of("location", "/login"), new byte[0]);

    private final AdmissionGate gate = new AdmissionGate(Revocations.NONE);

    /// Proves nobody and invites with `invitation`.
    private record Inviting(Authentication invitation) implements Authenticator {
        @Override
        public Authentication authenticate(Exchange exchange) {
            return Authentication.NO_CREDENTIAL;
        }

        @Override
        public Authentication invite(Exchange exchange) {
            return invitation;
        }
    }

    private Passage admit(boolean optional, Authentication... invitations) {
        List<Authenticator> all =
                List.of(invitations).stream().<Authenticator>map(Inviting::new).toList();
        AccessRule rule =
                new AccessRule.Guarded(all, List.of(new AnyCaller()), optional, AccessRule.Credentials.KEPT_BACK);
        return gate.admit(Exchanges.request().exchange(), rule);
    }

    @Test
    void answersWithTheFirstInvitation() {
        assertThat(admit(false, Authentication.NO_CREDENTIAL, new Authentication.Answer(LOGIN)))
                .isEqualTo(new Passage.Answered(LOGIN));
    }

    @Test
    void waitsForAnInvitation() {
        Authentication later =
                new Authentication.Await(CompletableFuture.completedFuture(new Authentication.Answer(LOGIN)));
        assertThat(admit(false, later))
                .isInstanceOfSatisfying(
                        Passage.Await.class,
                        await -> assertThat(await.passage()).isCompletedWithValue(new Passage.Answered(LOGIN)));
    }

    @Test
    void refusesWithoutInvitation() {
        assertThat(admit(false, Authentication.NO_CREDENTIAL))
                .isInstanceOfSatisfying(
                        Passage.Refused.class,
                        refused -> assertThat(refused.refusal())
                                .hasFieldOrPropertyWithValue("status", 401)
                                .hasFieldOrPropertyWithValue("code", "credential-missing"));
    }

    @Test
    void invitesNobodyWhereACredentialIsOptional() {
        assertThat(admit(true, new Authentication.Answer(LOGIN))).isInstanceOf(Passage.Granted.class);
    }

    @Test
    void aProofMadeOfNothingIsNone() {
        Principal nobody = new Principal("nobody", "test", Set.of());
        assertThat(admit(false, new Authentication.Proven(nobody)))
                .isInstanceOfSatisfying(
                        Passage.Refused.class,
                        refused -> assertThat(refused.refusal().status()).isEqualTo(503));
    }

    @Test
    void OA_12_keepsTheGatewaysOwnCookiesFromPublicRoutesToo() {
        Exchange exchange = Exchanges.request()
                .header("cookie", "theme=dark; __Host-sallyport-session-web=secret; lang=en")
                .exchange();
        assertThat(gate.admit(exchange, new AccessRule.Public())).isInstanceOf(Passage.Granted.class);
        HeaderEdits edits = exchange.requestEdits();
        assertThat(edits.removes(exchange.request().headers(), 0)).isTrue();
        assertThat(edits.additions()).isEqualTo(1);
        assertThat(edits.value(0)).isEqualTo("theme=dark; lang=en");
    }

    @Test
    void leavesOtherCookiesAsTheyAre() {
        Exchange exchange =
                Exchanges.request().header("cookie", "a=1;b=sallyport").exchange();
        gate.admit(exchange, new AccessRule.Public());
        assertThat(exchange.requestEditsOrNull()).isNull();
    }
}
