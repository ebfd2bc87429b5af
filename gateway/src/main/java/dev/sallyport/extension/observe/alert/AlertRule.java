package dev.sallyport.extension.observe.alert;

import java.time.Duration;

/// What is to be told of.
///
/// @param quantile of latency, 0 to 1
/// @param window   the time that is looked at
/// @param hold     for how long it must be so before it is told
/// @param least    fewer requests than this in the window say nothing
/// @param learn    how much history there must be before anything counts as usual
/// @param preset   whether it is there without being configured
public record AlertRule(
        String name,
        AlertSignal signal,
        double quantile,
        Threshold threshold,
        Duration window,
        Duration hold,
        Grouping by,
        Severity severity,
        long least,
        Duration learn,
        boolean preset) {}
