/// The command that reads access logs. Start with `LogsCommand`.
@NullMarked
package dev.sallyport.app.cli.log;

import org.jspecify.annotations.NullMarked;
