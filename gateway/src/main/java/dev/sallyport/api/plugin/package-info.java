/// How extensions are found and configured: `PluginFactory`, one per kind.
@NullMarked
package dev.sallyport.api.plugin;

import org.jspecify.annotations.NullMarked;
