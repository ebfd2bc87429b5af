package dev.sallyport.extension.authz.envoy;

import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// `google.protobuf.Struct` and `Value`.
final class StructValue {
    private static final int DEEPEST = 16;
    private static final int FIELDS = 1;
    private static final int NULL = 1;
    private static final int NUMBER = 2;
    private static final int STRING = 3;
    private static final int BOOL = 4;
    private static final int STRUCT = 5;
    private static final int LIST = 6;
    private static final int ITEMS = 1;

    private StructValue() {}

    /// Adds a member to a struct, unless it is null.
    static void member(ProtoWriter struct, String name, @Nullable Object value) {
        if (value != null) {
            struct.entry(FIELDS, name, value(value, 0));
        }
    }

    static void structure(ProtoWriter struct, String name, ProtoWriter inner) {
        struct.entry(FIELDS, name, new ProtoWriter().message(STRUCT, inner));
    }

    private static ProtoWriter value(@Nullable Object value, int depth) {
        ProtoWriter written = new ProtoWriter();
        if (depth == DEEPEST) {
            return written.number(NULL, 0);
        }
        return switch (value) {
            case String text -> text.isEmpty() ? written.emptyText(STRING) : written.text(STRING, text);
            case Long number -> written.real(NUMBER, number);
            case Double number -> written.real(NUMBER, number);
            case Boolean flag -> written.number(BOOL, flag ? 1 : 0);
            case Collection<?> items -> {
                ProtoWriter list = new ProtoWriter();
                for (Object item : items) {
                    list.message(ITEMS, value(item, depth + 1));
                }
                yield written.message(LIST, list);
            }
            case Map<?, ?> members -> {
                ProtoWriter struct = new ProtoWriter();
                for (Map.Entry<?, ?> member : members.entrySet()) {
                    struct.entry(FIELDS, String.valueOf(member.getKey()), value(member.getValue(), depth + 1));
                }
                yield written.message(STRUCT, struct);
            }
            case null, default -> written.number(NULL, 0);
        };
    }
}
