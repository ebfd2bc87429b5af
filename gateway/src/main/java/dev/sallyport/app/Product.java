package dev.sallyport.app;

import java.security.SecureRandom;
import java.util.HexFormat;

/// What this software is called.
public final class Product {
    /// As the build states it in the jar; `dev` when run from classes.
    public static final String VERSION = version();

    public static final String NAME_AND_VERSION = "Sallyport " + VERSION;

    private Product() {}

    /// What this process calls itself in `Via`: two gateways in a row must not take each other for themselves.
    static String pseudonym() {
        return "sallyport-" + HexFormat.of().toHexDigits(new SecureRandom().nextInt());
    }

    private static String version() {
        String stated = Product.class.getPackage().getImplementationVersion();
        return stated == null ? "dev" : stated;
    }
}
