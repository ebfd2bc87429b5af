/// What a policy may see and do: `Exchange`, `Policy`, `Decision`, `Refusal`, and the order of things, `Phase`.
@NullMarked
package dev.sallyport.api.exchange;

import org.jspecify.annotations.NullMarked;
