/// How conduct is counted: a `Board` has the scores of all keys of one `Kind`, one `Lane` for each signal; `Rules` say
/// what
/// follows from them. `Acquaintances` are who did well before. It knows no requests.
@NullMarked
package dev.sallyport.dataplane.behaviour.score;

import org.jspecify.annotations.NullMarked;
