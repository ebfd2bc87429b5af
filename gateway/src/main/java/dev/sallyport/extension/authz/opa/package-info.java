/// `kind: opa`: the REST interface of the Open Policy Agent. Start at `OpaFactory`.
@NullMarked
package dev.sallyport.extension.authz.opa;

import org.jspecify.annotations.NullMarked;
