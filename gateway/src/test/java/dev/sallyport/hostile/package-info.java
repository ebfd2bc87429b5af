/// Attacks and faults of the threat catalogue, end to end, by their ids. Start with `Arena`, what they share.
@NullMarked
package dev.sallyport.hostile;

import org.jspecify.annotations.NullMarked;
