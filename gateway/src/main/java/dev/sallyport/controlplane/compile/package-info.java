/// From configuration records to the snapshot the data plane runs on: references, conflicts, files, plugins. The
/// result is whole or a list of everything wrong. Runs on control threads and may block. Start with
/// `SnapshotCompiler`.
@NullMarked
package dev.sallyport.controlplane.compile;

import org.jspecify.annotations.NullMarked;
