package dev.sallyport.api.limit;

/// One measure with the counters of all its keys; made by [Counters], and of use to the ones that made it only.
public interface Layer {
    Measure measure();
}
