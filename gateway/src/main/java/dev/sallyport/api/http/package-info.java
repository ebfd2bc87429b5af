/// HTTP as every part of the gateway sees it: the canonical request, header blocks, authorities, paths. A leaf:
/// nothing here knows routes or policies. Start with `CanonicalRequest`.
@NullMarked
package dev.sallyport.api.http;

import org.jspecify.annotations.NullMarked;
