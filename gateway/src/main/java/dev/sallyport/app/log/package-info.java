/// What a configuration asks of the access log, made ready: `LogPlan`.
@NullMarked
package dev.sallyport.app.log;

import org.jspecify.annotations.NullMarked;
