/// What was taken back before its time: read from a list file and kept for operators, looked up by event loops. Start
/// at `LiveRevocations`.
@NullMarked
package dev.sallyport.controlplane.revocation;

import org.jspecify.annotations.NullMarked;
