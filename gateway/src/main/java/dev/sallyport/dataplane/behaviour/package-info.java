/// Continuous verification: what callers do changes what they may. Begin with `Conducts`, which knows all;
/// `Observation`
/// tells it of finished requests, `Screening` refuses hostile sources before anything else, `Standing` judges proven
/// callers, `AttemptWatch` slows down guessing, and `Rules` is what the configuration says. Scores are words of a
/// `Lane` on a `Board`. No locks, and nothing is looked up where nobody did wrong lately.
@NullMarked
package dev.sallyport.dataplane.behaviour;

import org.jspecify.annotations.NullMarked;
