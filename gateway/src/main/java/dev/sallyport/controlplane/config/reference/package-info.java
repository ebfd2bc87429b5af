/// What is generated from the configuration records, so that it cannot differ from them: the reference for people
/// and the JSON Schema for editors.
@NullMarked
package dev.sallyport.controlplane.config.reference;

import org.jspecify.annotations.NullMarked;
