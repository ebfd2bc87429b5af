/// How extensions are found and configured: `PluginFactory`, one per kind, and what a configuration record may say
/// of its keys: `Doc`, `Default`, `Range`, `Matches`, `OneOrMore`, `Shorthand`; the values `ByteSize`, `Secret` and
/// `UrlOrFile`; `Nearest` finds what a mistyped name was meant to be.
@NullMarked
package dev.sallyport.api.plugin;

import org.jspecify.annotations.NullMarked;
