package dev.sallyport.extension.authz;

import dev.sallyport.api.http.FieldName;
import dev.sallyport.api.plugin.Default;
import dev.sallyport.api.plugin.Doc;
import dev.sallyport.api.plugin.Matches;
import dev.sallyport.api.plugin.PluginException;
import java.util.List;
import java.util.Locale;

/// What a policy server is told.
@Doc("What the policy server is told of a request: this and nothing else. No credential is ever among it unless its"
        + " header is named here.")
public record SendConfig(
        @Doc("Parts of the request.") @Default("[method, scheme, host, path, path-parameters, route, address]")
        List<RequestPart> request,

        @Doc("What is known of the caller.") @Default("[id, authenticator, tenant, roles]")
        List<CallerPart> caller,

        @Doc("Claims of the caller's credential, by name or by a path of names with dots.") @Default("[]")
        List<String> claims,

        @Doc("Header fields of the request, with all values; credentials only where their field is named. What clients"
                + " say of who they are (`X-User`, `X-Forwarded-For` and their kin) is never sent.")
        @Default("[]")
        @Matches(value = SendConfig.FIELD, expected = "the name of a header field")
        List<String> headers) {
    /// The name of a header field, in any case.
    public static final String FIELD = "[A-Za-z0-9!#$%&'*+.^_`|~-]+";

    public SendConfig {
        headers = headers.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
    }

    /// What clients say of themselves must not look like something the gateway knows (threat HD-06).
    ///
    /// @throws PluginException when a header field is of that kind
    public SendConfig checked() throws PluginException {
        for (int i = 0; i < headers.size(); i++) {
            FieldName.Rule rule = UpstreamFields.rule(headers.get(i));
            if (rule == FieldName.Rule.CLIENT_CLAIM || rule == FieldName.Rule.DROP) {
                throw new PluginException(
                        "send.headers[" + i + "]",
                        headers.get(i) + " (expected: a field that clients may send; who calls is told by `caller` and"
                                + " `claims`, from where by `address`)");
            }
        }
        return this;
    }

    /// A part of the request.
    public enum RequestPart {
        @Doc("Its method.")
        METHOD,
        @Doc("`http` or `https`.")
        SCHEME,
        @Doc("The host and port that are asked for.")
        HOST,
        @Doc("The canonical path.")
        PATH,
        @Doc("The query as the upstream gets it: without credentials that stay at the gateway.")
        QUERY,
        @Doc("The values of the route's path parameters.")
        PATH_PARAMETERS,
        @Doc("The name of the route.")
        ROUTE,
        @Doc("The client's address.")
        ADDRESS,
        @Doc("The protocol, such as `HTTP/1.1`.")
        PROTOCOL
    }

    /// A part of what is known of the caller.
    public enum CallerPart {
        @Doc("Its id.")
        ID,
        @Doc("The name of the authenticator that proved it.")
        AUTHENTICATOR,
        @Doc("Its tenant.")
        TENANT,
        @Doc("Its roles, as its credential states them.")
        ROLES,
        @Doc("The kind, issuer, id, client and times of its credential; never the credential itself.")
        CREDENTIAL
    }
}
