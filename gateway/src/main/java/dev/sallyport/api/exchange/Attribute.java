package dev.sallyport.api.exchange;

import java.util.concurrent.atomic.AtomicInteger;

/// A typed key for what policies tell each other about an exchange; make it once, as a constant.
public final class Attribute<T> {
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final String name;
    private final Class<T> type;
    private final int index = COUNT.getAndIncrement();

    private Attribute(String name, Class<T> type) {
        this.name = name;
        this.type = type;
    }

    public static <T> Attribute<T> of(String name, Class<T> type) {
        return new Attribute<>(name, type);
    }

    int index() {
        return index;
    }

    Class<T> type() {
        return type;
    }

    @Override
    public String toString() {
        return name;
    }
}
