/// Ways to choose among an upstream's endpoints: one class each, with its `Config` and its `Factory`.
@NullMarked
package dev.sallyport.extension.balance;

import org.jspecify.annotations.NullMarked;
