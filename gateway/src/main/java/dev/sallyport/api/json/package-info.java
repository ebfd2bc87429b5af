/// Reading JSON that others wrote, strictly. A leaf.
@NullMarked
package dev.sallyport.api.json;

import org.jspecify.annotations.NullMarked;
