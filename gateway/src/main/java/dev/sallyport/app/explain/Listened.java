package dev.sallyport.app.explain;

import dev.sallyport.api.access.Authentication;
import dev.sallyport.api.access.Authenticator;
import dev.sallyport.api.access.Authorizer;
import dev.sallyport.api.access.Enforcement;
import dev.sallyport.api.access.Explanation.Finding;
import dev.sallyport.controlplane.compile.BuiltPlugin;
import dev.sallyport.dataplane.admit.AccessRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// An access rule of which is heard what its parts say.
///
/// @param assumed whether the caller is assumed
record Listened(
        AccessRule rule, List<HeardAuthenticator> authenticators, List<HeardAuthorizer> authorizers, boolean assumed) {
    /// One without parts.
    static Listened open(AccessRule rule) {
        return new Listened(rule, List.of(), List.of(), false);
    }

    /// `rule`, whose authenticators are `tried`, for the caller of `question`.
    ///
    /// @param unasked policy servers that are not asked
    static Listened of(
            AccessRule.Guarded rule,
            List<BuiltPlugin<Authenticator>> tried,
            Question question,
            List<BuiltPlugin<Authorizer>> unasked)
            throws QuestionException {
        boolean assumed = question.assumesCaller();
        String prover = question.authenticator() == null ? tried.getFirst().name() : question.authenticator();
        List<HeardAuthenticator> authenticators = new ArrayList<>();
        for (BuiltPlugin<Authenticator> one : tried) {
            Authentication found = null;
            if (assumed && one.name().equals(prover)) {
                found = new Authentication.Proven(
                        AssumedCaller.of(question, one.name(), one.config().kind()));
            } else if (assumed || question.anonymous()) {
                found = Authentication.NO_CREDENTIAL;
            }
            authenticators.add(new HeardAuthenticator(
                    one.plugin(), one.name(), one.config().kind(), found));
        }
        List<HeardAuthorizer> authorizers = rule.authorizers().stream()
                .map(one -> new HeardAuthorizer(one, Explainer.unasked(one, unasked)))
                .toList();
        var nextAuthenticator = authenticators.iterator();
        var nextAuthorizer = authorizers.iterator();
        AccessRule heard = rule.through(_ -> nextAuthenticator.next(), _ -> nextAuthorizer.next());
        return new Listened(heard, authenticators, authorizers, assumed);
    }

    /// What each authenticator says.
    List<Explained.Tried> tried() {
        return authenticators.stream().map(HeardAuthenticator::tried).toList();
    }

    /// What was looked at.
    List<Finding> findings() {
        return authorizers.stream().flatMap(one -> one.findings().stream()).toList();
    }

    /// The names of policy servers that had a say but were not asked; none in shadow mode, where they decide nothing.
    List<String> unasked() {
        return shadow()
                ? List.of()
                : authorizers.stream()
                        .map(HeardAuthorizer::unasked)
                        .filter(Objects::nonNull)
                        .toList();
    }

    /// Whether it refuses nobody that it knows.
    boolean shadow() {
        return rule instanceof AccessRule.Guarded guarded && guarded.mode() == Enforcement.SHADOW;
    }
}
