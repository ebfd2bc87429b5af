/// How client protocols become exchanges: bytes to head, body and end events, and back.
@NullMarked
package dev.sallyport.dataplane.protocol;

import org.jspecify.annotations.NullMarked;
