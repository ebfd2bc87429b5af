/// The command `sallyport audit-log`: checks audit logs, with no gateway running. Start with `VerifyCommand`.
@NullMarked
package dev.sallyport.app.cli.audit;

import org.jspecify.annotations.NullMarked;
