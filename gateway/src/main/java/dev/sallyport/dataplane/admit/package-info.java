/// Who may pass: `AdmissionGate` is the only maker of an `Admission`, and nothing is forwarded without one.
@NullMarked
package dev.sallyport.dataplane.admit;

import org.jspecify.annotations.NullMarked;
