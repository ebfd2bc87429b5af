package dev.sallyport.controlplane.config.behaviour;

import dev.sallyport.api.plugin.Default;
import dev.sallyport.api.plugin.Doc;
import dev.sallyport.api.plugin.Range;

/// Which addresses count together.
@Doc("Which addresses count together, by their leading bits: as one, and again in the wider network around that.")
public record NetworksConfig(
        @Doc("Of IPv4.") @Default("32") @Range(min = "8", max = "32")
        int ipv4,

        @Doc("Of IPv6. One caller may well have all of a /64.") @Default("64") @Range(min = "16", max = "128")
        int ipv6,

        @Doc("Of IPv4, around it. Nobody is refused for such neighbours, but they make suspicious.")
        @Default("24")
        @Range(min = "8", max = "32")
        int widerIpv4,

        @Doc("Of IPv6, around it.") @Default("48") @Range(min = "16", max = "128")
        int widerIpv6,

        @Doc("By what the scores at which levels begin are higher for wider networks.")
        @Default("8")
        @Range(min = "1", max = "10000")
        Decimal widerFactor) {
    public NetworksConfig {
        if (widerIpv4 > ipv4 || widerIpv6 > ipv6) {
            throw new IllegalArgumentException(
                    "wider-ipv4 or wider-ipv6: longer than ipv4 or ipv6 (expected: at most as long)");
        }
    }
}
