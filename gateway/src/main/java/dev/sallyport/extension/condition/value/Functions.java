package dev.sallyport.extension.condition.value;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.types.ListType;
import dev.cel.common.types.SimpleType;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelStandardFunctions;
import dev.cel.runtime.CelStandardFunctions.StandardFunction;
import dev.sallyport.api.exchange.AddressRange;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Functions that the language has beside, or in place of, the standard ones: their cost is bounded whatever a caller
/// sends (threats AZ-11, DO-01).
public final class Functions {
    /// What is compiled once for all: patterns and ranges, each written in a configuration. No more are kept than this.
    private static final int KEPT = 10_000;

    private static final int LONGEST_PATTERN = 512;
    private static final int LARGEST_PROGRAM = 2_000;
    /// Of the length of a text and the size of what it is matched with: under ten milliseconds at the very worst.
    private static final long DEAREST_MATCH = 1 << 19;
    private static final int DOTS = 3;

    /// Of the lengths of a text and what is searched in it.
    private static final long DEAREST_SEARCH = 1 << 22;

    private static final Map<String, Pattern> PATTERNS = new ConcurrentHashMap<>();
    private static final Map<String, AddressRange> RANGES = new ConcurrentHashMap<>();

    private Functions() {}

    /// `ADDRESS.inRange(RANGE)` and `ADDRESS.inRange([RANGE, …])`.
    public static final CelFunctionDecl IN_RANGE = CelFunctionDecl.newFunctionDeclaration(
            "inRange",
            CelOverloadDecl.newMemberOverload("string_in_range", SimpleType.BOOL, SimpleType.STRING, SimpleType.STRING),
            CelOverloadDecl.newMemberOverload(
                    "string_in_ranges", SimpleType.BOOL, SimpleType.STRING, ListType.create(SimpleType.STRING)));

    /// The standard functions that are used as they are.
    public static CelStandardFunctions standard() {
        return CelStandardFunctions.newBuilder()
                .excludeFunctions(StandardFunction.MATCHES, StandardFunction.CONTAINS)
                .build();
    }

    /// What implements the others.
    public static List<CelFunctionBinding> bindings() {
        return List.of(
                CelFunctionBinding.from("string_in_range", String.class, String.class, Functions::inRange),
                CelFunctionBinding.from("string_in_ranges", String.class, List.class, Functions::inRanges),
                CelFunctionBinding.from("contains_string", String.class, String.class, Functions::contains),
                CelFunctionBinding.from("matches", String.class, String.class, Functions::matches),
                CelFunctionBinding.from("matches_string", String.class, String.class, Functions::matches));
    }

    private static boolean contains(String text, String wanted) {
        if ((long) text.length() * wanted.length() > DEAREST_SEARCH) {
            throw new NoValue("contains: too long a text for too long a search");
        }
        return text.contains(wanted);
    }

    private static boolean matches(String text, String pattern) {
        Pattern compiled;
        try {
            compiled = pattern(pattern);
        } catch (IllegalArgumentException e) {
            throw new NoValue("matches: no regular expression");
        }
        if ((long) text.length() * compiled.programSize() > DEAREST_MATCH) {
            throw new NoValue("matches: too long a text for this expression");
        }
        return compiled.matcher(text).find();
    }

    /// A pattern of RE2, whose matching takes time in proportion to the text (threat AZ-11).
    ///
    /// @throws IllegalArgumentException with what is wrong with it
    public static Pattern pattern(String text) {
        Pattern known = PATTERNS.get(text);
        if (known != null) {
            return known;
        }
        if (text.length() > LONGEST_PATTERN) {
            throw new IllegalArgumentException("has more than " + LONGEST_PATTERN + " characters");
        }
        Pattern made;
        try {
            made = Pattern.compile(text);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(e.getDescription(), e);
        }
        if (made.programSize() > LARGEST_PROGRAM) {
            throw new IllegalArgumentException("is too large when its repetitions are written out");
        }
        if (PATTERNS.size() < KEPT) {
            PATTERNS.put(text, made);
        }
        return made;
    }

    private static boolean inRange(String address, String range) {
        InetAddress parsed = address(address);
        try {
            return range(range).contains(parsed);
        } catch (IllegalArgumentException e) {
            throw new NoValue("inRange: no range");
        }
    }

    private static boolean inRanges(String address, List<?> ranges) {
        boolean found = false;
        for (int i = 0; i < ranges.size() && !found; i++) {
            found = inRange(address, String.valueOf(ranges.get(i)));
        }
        return found;
    }

    private static InetAddress address(String text) {
        if (!isWrittenOut(text)) {
            throw new NoValue("inRange: no address");
        }
        try {
            return InetAddress.ofLiteral(text);
        } catch (IllegalArgumentException e) {
            throw new NoValue("inRange: no address");
        }
    }

    /// Whether `text` can be an address that is written out. The library takes `10`, `10.1` and `010.0.0.1` for
    /// addresses too, of which other programs make something else.
    private static boolean isWrittenOut(String text) {
        int dots = 0;
        boolean colons = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            dots += c == '.' ? 1 : 0;
            colons |= c == ':';
            boolean octal = c == '0' && (i == 0 || text.charAt(i - 1) == '.') && isDigit(text, i + 1);
            if ((octal && !colons) || (c != '.' && c != ':' && !isDigit(text, i))) {
                return false;
            }
        }
        return colons || dots == DOTS;
    }

    private static boolean isDigit(String text, int index) {
        return index < text.length() && text.charAt(index) <= 'f' && Character.digit(text.charAt(index), 16) >= 0;
    }

    /// An address range.
    ///
    /// @throws IllegalArgumentException as [AddressRange#parse(String)]
    public static AddressRange range(String text) {
        AddressRange known = RANGES.get(text);
        if (known == null) {
            known = AddressRange.parse(text);
            if (RANGES.size() < KEPT) {
                RANGES.put(text, known);
            }
        }
        return known;
    }
}
