package dev.sallyport.extension.observe.signals;

/// Slices of one scope that are not empty, oldest first, with the number of the slot each is of. Not safe for use by
/// several threads.
final class Ring {
    /// What an array of octets takes besides them, its place in the ring and its number.
    private static final int OVERHEAD = 28;

    private static final byte[] NONE = {};

    private byte[][] slices = {};
    private long[] slots = {};
    private int first;
    private int size;
    private long octets;

    int size() {
        return size;
    }

    long octets() {
        return octets;
    }

    private int index(int position) {
        int at = first + position;
        return at < slices.length ? at : at - slices.length;
    }

    long slot(int position) {
        return slots[index(position)];
    }

    byte[] slice(int position) {
        return slices[index(position)];
    }

    private static long octets(byte[] slice) {
        return OVERHEAD + ((slice.length + 7L) & ~7L);
    }

    void add(long slot, byte[] slice) {
        if (size == slices.length) {
            grow();
        }
        int at = index(size);
        slices[at] = slice;
        slots[at] = slot;
        size++;
        octets += octets(slice);
    }

    private void grow() {
        int length = Math.max(4, slices.length + slices.length / 2);
        byte[][] more = new byte[length][];
        long[] numbers = new long[length];
        for (int i = 0; i < size; i++) {
            more[i] = slice(i);
            numbers[i] = slot(i);
        }
        slices = more;
        slots = numbers;
        first = 0;
    }

    /// Replaces the newest slice.
    void replaceLast(byte[] slice) {
        int at = index(size - 1);
        octets += octets(slice) - octets(slices[at]);
        slices[at] = slice;
    }

    /// Lets go of slices of slots before `slot`.
    void dropBefore(long slot) {
        while (size > 0 && slots[first] < slot) {
            octets -= octets(slices[first]);
            slices[first] = NONE;
            first = index(1);
            size--;
        }
        if (size == 0 && slices.length > 0) {
            slices = new byte[][] {};
            slots = new long[] {};
            first = 0;
        }
    }

    /// The first position whose slot is not before `slot`; the size when there is none.
    int from(long slot) {
        int low = 0;
        int high = size;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (slot(middle) < slot) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
