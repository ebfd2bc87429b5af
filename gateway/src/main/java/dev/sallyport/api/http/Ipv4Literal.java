package dev.sallyport.api.http;

/// The strict text form of an IPv4 address: four decimal numbers of 0 to 255 without leading zeros.
final class Ipv4Literal {
    private Ipv4Literal() {}

    static boolean valid(byte[] bytes, int start, int end) {
        return parse(bytes, start, end) >= 0;
    }

    /// The address spelled by `bytes[start, end)` as 32 bits, −1 when it is none.
    static long parse(byte[] bytes, int start, int end) {
        long address = 0;
        int i = start;
        for (int part = 0; part < 4; part++) {
            if (part > 0 && (i >= end || bytes[i++] != '.')) {
                return -1;
            }
            int first = i;
            int number = 0;
            while (i < end && i - first < 3 && bytes[i] >= '0' && bytes[i] <= '9') {
                number = number * 10 + bytes[i++] - '0';
            }
            if (i == first || number > 255 || (bytes[first] == '0' && i - first > 1)) {
                return -1;
            }
            address = address << 8 | number;
        }
        return i == end ? address : -1;
    }
}
