/// What browsers need to be told or protected from: `cors` (which other sites' pages may read), `csrf` (which other
/// sites' pages may write) and `security-headers` (what a page may do). Each is a policy of a route; none of them says
/// who may use it.
@NullMarked
package dev.sallyport.extension.browser;

import org.jspecify.annotations.NullMarked;
