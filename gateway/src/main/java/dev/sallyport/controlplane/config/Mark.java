package dev.sallyport.controlplane.config;

/// A place in a configuration file.
///
/// @param line   1 for the first, 0 for the file as a whole
/// @param column 1 for the first
public record Mark(String file, int line, int column) implements Comparable<Mark> {
    /// The file as a whole.
    public static Mark of(String file) {
        return new Mark(file, 0, 0);
    }

    @Override
    public int compareTo(Mark other) {
        int byFile = file.compareTo(other.file);
        if (byFile != 0) {
            return byFile;
        }
        int byLine = Integer.compare(line, other.line);
        return byLine != 0 ? byLine : Integer.compare(column, other.column);
    }

    @Override
    public String toString() {
        return line == 0 ? file : file + ":" + line + ":" + column;
    }
}
