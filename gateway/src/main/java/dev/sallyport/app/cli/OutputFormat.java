package dev.sallyport.app.cli;

/// What a command's output is for.
enum OutputFormat {
    /// People.
    TEXT,
    /// Programs.
    JSON
}
