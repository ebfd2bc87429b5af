/// What is said of callers' conduct: begin with `Level`; an exchange tells the `Conduct` of those behind it. How
/// conduct
/// is judged is elsewhere (`dataplane.behaviour`). A leaf.
@NullMarked
package dev.sallyport.api.behaviour;

import org.jspecify.annotations.NullMarked;
