package dev.sallyport.api.exchange;

/// How the caller of an exchange stood with each limit that counted it, for whoever records it. Parts are 0 to
/// [#size()] − 1.
public interface Standings {
    int size();

    /// The name of the limit, with the period where it is a quota.
    String name(int part);

    /// How much there is in all.
    long most(int part);

    /// What was left, −1 when nobody could say.
    long remaining(int part);
}
