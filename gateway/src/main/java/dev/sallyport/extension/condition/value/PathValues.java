package dev.sallyport.extension.condition.value;

import com.google.errorprone.annotations.Immutable;
import dev.sallyport.api.exchange.Exchange;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The parameters of the route's path template: exactly what the canonical path holds.
@Immutable
@SuppressWarnings("Immutable") // a view of an exchange, used and forgotten on its loop
final class PathValues extends NamedValues {
    private final Exchange exchange;

    PathValues(Exchange exchange) {
        this.exchange = exchange;
    }

    @Override
    @Nullable
    Object named(String name) {
        return exchange.pathParameter(name);
    }

    @Override
    Set<String> names() {
        Set<String> names = new LinkedHashSet<>();
        String[] parameters = exchange.pathParameters();
        for (int i = 0; i < parameters.length; i += 2) {
            names.add(parameters[i]);
        }
        if (exchange.pathParameter(Exchange.REST) != null) {
            names.add(Exchange.REST);
        }
        return names;
    }

    @Override
    String title() {
        return "path";
    }
}
