package dev.sallyport.extension.authn.jwt;

/// The SHA-256 of a whole token (threat JW-21), as four numbers.
record TokenHash(long a, long b, long c, long d) {
    static TokenHash of(byte[] digest) {
        return new TokenHash(number(digest, 0), number(digest, 8), number(digest, 16), number(digest, 24));
    }

    static long number(byte[] octets, int at) {
        long value = 0;
        for (int i = at; i < at + 8; i++) {
            value = value << 8 | (octets[i] & 0xff);
        }
        return value;
    }

    boolean is(byte[] digest) {
        return a == number(digest, 0) && b == number(digest, 8) && c == number(digest, 16) && d == number(digest, 24);
    }
}
