package dev.sallyport.extension.authz;

import dev.sallyport.api.plugin.PluginException;
import dev.sallyport.remote.Fetcher;
import dev.sallyport.remote.RemoteTls;
import java.net.URI;
import java.net.URISyntaxException;
import org.jspecify.annotations.Nullable;

/// Where a policy server is.
public final class ServerUrl {
    private ServerUrl() {}

    /// The URL that the configuration calls `url`.
    ///
    /// @throws PluginException when nothing may be asked there, or not with `tls`
    public static URI of(String text, @Nullable RemoteTls tls) throws PluginException {
        try {
            URI url = new URI(text);
            String problem = Fetcher.problem(url);
            if (problem != null) {
                throw new PluginException("url", problem);
            }
            if (tls != null && !"https".equals(url.getScheme())) {
                throw new PluginException("tls", "given for " + url + " (expected: an https URL)");
            }
            return url;
        } catch (URISyntaxException e) {
            throw new PluginException("url", text + " (expected: an absolute https URL)");
        }
    }
}
