/// Shared state kept in Redis or Valkey, for gateways side by side. Start with `RedisState`, what it is asked for;
/// `RedisStore` is the way to the server, for whatever else is kept there; `Keeper` connects, checks and gives up.
/// Nothing of what is kept is known in plain there, and nothing is believed that no gateway wrote (`Vault`).
@NullMarked
package dev.sallyport.extension.state.redis;

import org.jspecify.annotations.NullMarked;
