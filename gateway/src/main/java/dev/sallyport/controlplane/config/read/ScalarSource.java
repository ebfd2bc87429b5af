package dev.sallyport.controlplane.config.read;

import dev.sallyport.controlplane.config.Mark;

/// How a single value is written: from which line and column each of its characters comes, through quotes, escapes,
/// folded lines and indentation.
///
/// @param document the whole text of the file
/// @param start    where the value begins in it, quote or indicator included, in code points
/// @param end      where it ends, in code points
/// @param at       the same place as `start`
/// @param value    what it comes to
record ScalarSource(String document, int start, int end, Mark at, String value) {
    /// Where the character `offset` of the value stands.
    Mark at(int offset) {
        int from = document.offsetByCodePoints(0, start);
        return new Walk(document, from, document.offsetByCodePoints(from, end - start), at, value).to(offset);
    }

    /// Reads the value again as it is written, counting its characters.
    private record Walk(String document, int start, int end, Mark at, String value) {
        Mark to(int offset) {
            char first = start < end ? document.charAt(start) : ' ';
            return switch (first) {
                case '|', '>' -> place(inBlock(offset, first == '>'));
                case '\'', '"' -> place(inFlow(start + 1, offset, first));
                default -> place(inFlow(start, offset, ' '));
            };
        }

        private Mark place(int index) {
            int line = at.line();
            int column = at.column();
            for (int i = start; i < Math.min(index, document.length()); i++) {
                char c = document.charAt(i);
                if (c == '\n') {
                    line++;
                    column = 1;
                } else if (!Character.isLowSurrogate(c)) {
                    column++;
                }
            }
            return new Mark(at.file(), line, column);
        }

        /// Quoted or plain: a break with the blanks around it is one space, further ones are themselves.
        private int inFlow(int from, int offset, char quote) {
            int i = from;
            int made = 0;
            while (made < offset && i < end) {
                int next = afterBlanks(i);
                int breaks = breaks(i, next);
                if (breaks > 0) {
                    made += Math.max(1, breaks - 1);
                    i = next;
                } else if (quote == '"' && document.charAt(i) == '\\') {
                    boolean joins = i + 1 < end && isBreak(document.charAt(i + 1));
                    i = joins ? afterBlanks(i + 1) : i + escape(i + 1);
                    made += joins ? 0 : 1;
                } else {
                    i += quote == '\'' && document.startsWith("''", i) ? 2 : 1;
                    made++;
                }
            }
            return i;
        }

        private int escape(int at) {
            char kind = at < end ? document.charAt(at) : ' ';
            return switch (kind) {
                case 'x' -> 4;
                case 'u' -> 6;
                case 'U' -> 10;
                default -> 2;
            };
        }

        private int afterBlanks(int from) {
            int i = from;
            while (i < end
                    && (document.charAt(i) == ' ' || document.charAt(i) == '\t' || isBreak(document.charAt(i)))) {
                i++;
            }
            return i;
        }

        private int breaks(int from, int to) {
            int breaks = 0;
            for (int i = from; i < to; i++) {
                breaks += document.charAt(i) == '\n' ? 1 : 0;
            }
            return breaks;
        }

        private static boolean isBreak(char c) {
            return c == '\n' || c == '\r';
        }

        /// A block: without the indentation; where it is folded, the first of several breaks is none.
        private int inBlock(int offset, boolean folded) {
            int i = lineAfter(start);
            int indent = indent(i);
            int made = 0;
            i = Math.min(i + indent, end);
            while (made < offset && i < end) {
                if (document.charAt(i) != '\n') {
                    i++;
                    made++;
                    continue;
                }
                boolean blankFollows = i + 1 < end && content(i + 1) == '\n';
                made += folded && blankFollows ? 0 : 1;
                i = skipIndent(i + 1, indent);
                while (folded && blankFollows && made < offset && i < end && document.charAt(i) == '\n') {
                    made++;
                    i = skipIndent(i + 1, indent);
                }
            }
            return i;
        }

        private int lineAfter(int from) {
            int end = document.indexOf('\n', from);
            return end < 0 ? this.end : end + 1;
        }

        /// How far the first line that is not blank is indented, less what of that belongs to the value.
        private int indent(int from) {
            int i = from;
            while (i < end && content(i) == '\n') {
                i = lineAfter(i);
            }
            int spaces = 0;
            while (i + spaces < end && document.charAt(i + spaces) == ' ') {
                spaces++;
            }
            int first = value.length() - value.stripLeading().length();
            int own = first - 1 - value.lastIndexOf('\n', first - 1);
            return Math.max(0, spaces - own);
        }

        private char content(int line) {
            int i = line;
            while (i < end && document.charAt(i) == ' ') {
                i++;
            }
            return i < end ? document.charAt(i) : '\n';
        }

        private int skipIndent(int line, int indent) {
            int i = line;
            while (i < end && i < line + indent && document.charAt(i) == ' ') {
                i++;
            }
            return i;
        }
    }
}
