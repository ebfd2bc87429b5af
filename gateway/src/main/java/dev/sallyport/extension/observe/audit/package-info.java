/// The audit log: who did what, why, under which configuration, in a file whose lines are chained to each other by
/// hashes. Start with `Audit`, which event loops and operators tell; `AuditWriter` is the thread behind it, `AuditFile`
/// the file, `SealedLine` and `Seal` the format, `Verification` the check of it.
@NullMarked
package dev.sallyport.extension.observe.audit;

import org.jspecify.annotations.NullMarked;
