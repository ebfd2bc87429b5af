package dev.sallyport.extension.observe.alert;

/// How a rule stands with one of its groups.
///
/// @param group what it is about: `route orders`, `203.0.113.0/24`
/// @param times how often the measured value is the permitted one; above 1 the rule is broken
/// @param text  what is the matter, in a sentence without its group
/// @param request the id of a request that is part of it, or empty
record Reading(String group, double times, String text, String request) {
    boolean broken() {
        return times > 1;
    }
}
