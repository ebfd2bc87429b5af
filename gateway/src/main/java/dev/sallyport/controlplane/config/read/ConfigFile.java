package dev.sallyport.controlplane.config.read;

import java.nio.file.Path;

/// The content of one configuration file.
///
/// @param name   what problems call it
/// @param folder what relative paths in it start from
/// @param bytes  not modified
@SuppressWarnings("ArrayRecordComponent") // compared nowhere
public record ConfigFile(String name, Path folder, byte[] bytes) {}
