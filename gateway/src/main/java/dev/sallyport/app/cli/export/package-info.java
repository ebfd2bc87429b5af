/// What other systems are told about the metrics: a dashboard, alert rules. Made from the metrics' own definitions, so
/// that none can be named that does not exist. Start with `ExportCommand`.
@NullMarked
package dev.sallyport.app.cli.export;

import org.jspecify.annotations.NullMarked;
