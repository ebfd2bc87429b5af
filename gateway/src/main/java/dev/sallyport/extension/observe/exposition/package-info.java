/// Figures as scrapers want them: `Exposition` asks every source and renders; `JvmMetrics` is one of the sources.
/// Runs on
/// control threads, never on event loops.
@NullMarked
package dev.sallyport.extension.observe.exposition;

import org.jspecify.annotations.NullMarked;
