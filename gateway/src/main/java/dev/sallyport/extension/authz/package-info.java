/// Policy servers: what decides whether a caller may, outside of the gateway. What is common to all of them is here:
/// what is asked and sent, what is remembered, what becomes of an answer; how each is spoken to is in the packages
/// below. Start at `ExternalAuthorizer`. No answer, no pass.
@NullMarked
package dev.sallyport.extension.authz;

import org.jspecify.annotations.NullMarked;
