/// How extensions are found and configured: `PluginFactory`, one per kind, and what a configuration record may say
/// of its keys: `Doc`, `Default`, `Range`, `Matches`, `OneOrMore`, `Shorthand`; the values `ByteSize`, `Secret` and
/// `UrlOrFile`.
@NullMarked
package dev.sallyport.api.plugin;

import org.jspecify.annotations.NullMarked;
