/// How extensions are found and configured: `PluginFactory`, one per kind, and what a configuration record may say
/// of its keys: `Doc`, `Default`, `Range`, `Matches`, `Shorthand`; the values `ByteSize` and `Secret`.
@NullMarked
package dev.sallyport.api.plugin;

import org.jspecify.annotations.NullMarked;
