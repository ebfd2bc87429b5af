/// `sallyport explain`: `ExplainCommand` asks the running gateway or compiles a file; `LoggedRequest` reads the access
/// log.
@NullMarked
package dev.sallyport.app.cli.explain;

import org.jspecify.annotations.NullMarked;
