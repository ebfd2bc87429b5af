/// What is unlike the past: `Anomalies` looks once a minute at routes and at sources of refusals, by medians and
/// distances from them, and has findings. No model is trained, and nothing is learnt from before the last three hours.
@NullMarked
package dev.sallyport.extension.observe.anomaly;

import org.jspecify.annotations.NullMarked;
