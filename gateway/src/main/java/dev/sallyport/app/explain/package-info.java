/// Why a request may or may not pass: taken through the steps of a real one without being sent. `Explainer` answers a
/// `Question` with an `Explained`; what decides is the data plane's own code, here it is only listened to.
@NullMarked
package dev.sallyport.app.explain;

import org.jspecify.annotations.NullMarked;
