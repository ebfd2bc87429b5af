/// State that requests of all loops, and later of all nodes, share: `SharedState`. A leaf; in memory or in a store.
@NullMarked
package dev.sallyport.api.state;

import org.jspecify.annotations.NullMarked;
