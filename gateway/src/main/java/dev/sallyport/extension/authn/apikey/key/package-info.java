/// API keys as they are issued, stored and changed: in a file or in PostgreSQL, as keyed hashes only. For commands
/// and for whoever keeps them at hand; nothing here runs on event loops but `KeyForm` and `Pepper`.
@NullMarked
package dev.sallyport.extension.authn.apikey.key;

import org.jspecify.annotations.NullMarked;
