package dev.sallyport.controlplane.source;

import java.nio.file.Path;

/// One file of configuration as it was read.
///
/// @param path as it is shown to people; relative paths in the file are relative to its folder
/// @param text decoded from UTF-8
public record ConfigFile(Path path, String text) {}
