/// From text to configuration records: strict YAML with positions, references to the environment and to files,
/// binding by reflection. Everything wrong is collected, nothing is thrown at the user. Start with `ConfigReader`.
@NullMarked
package dev.sallyport.controlplane.config.read;

import org.jspecify.annotations.NullMarked;
