/// What tests of the whole gateway are made of: `TestGateway` boots it, `RawClient` speaks any bytes to it,
/// `RecordingUpstream` and `EvilUpstream` stand behind it. Octets are written as ISO-8859-1 strings throughout.
@NullMarked
package dev.sallyport.testing;

import org.jspecify.annotations.NullMarked;
