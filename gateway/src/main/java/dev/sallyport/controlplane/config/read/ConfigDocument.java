package dev.sallyport.controlplane.config.read;

import dev.sallyport.controlplane.config.ConfigProblem;
import dev.sallyport.controlplane.config.GatewayConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/// What a configuration text says.
///
/// @param config   as far as it could be read: with problems, parts are missing
/// @param problems all there are so far, in the order of the files; none when the text can be compiled
/// @param whole    every file could be read; otherwise nothing can be said of what is missing
/// @param places   where everything stands
/// @param files    every file that was read for it: the configuration and what it refers to by `${file:…}`
/// @param digest   of the text, see [ConfigText#digest()]
public record ConfigDocument(
        GatewayConfig config,
        boolean whole,
        List<ConfigProblem> problems,
        Places places,
        Set<Path> files,
        String digest) {}
