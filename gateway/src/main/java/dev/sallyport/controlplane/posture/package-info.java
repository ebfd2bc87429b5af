/// What is usable about a configuration and yet weak: `Rules` lists everything that is looked for, one line each;
/// `Posture` looks; `IgnoreList` says what somebody has decided to live with, and until when. What makes a
/// configuration
/// unusable is the compiler's matter.
@NullMarked
package dev.sallyport.controlplane.posture;

import org.jspecify.annotations.NullMarked;
