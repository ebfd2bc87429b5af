/// What of a configuration was made use of, by the lines of access logs: `LoggedUse` counts them, `LeastPrivilege` says
/// what nobody needed. A log shows what happened, not what will: every answer comes with what it cannot show.
@NullMarked
package dev.sallyport.controlplane.rights.usage;

import org.jspecify.annotations.NullMarked;
