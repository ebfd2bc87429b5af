/// Certificates and keys from files, and their renewal while listeners serve. Blocking, for control threads; what
/// is read becomes the settings of `dataplane.tls`.
@NullMarked
package dev.sallyport.controlplane.tls;

import org.jspecify.annotations.NullMarked;
