/// The HTTP/1.1 codec: strict parsers of heads and bodies, writers of heads. Knows no exchange. Start with
/// `RequestParser`.
@NullMarked
package dev.sallyport.dataplane.http1;

import org.jspecify.annotations.NullMarked;
