/// What configurations say of roles and of what callers must meet; the records mirror the YAML. Which names there are,
/// and whether a rule can ever hold, is the compiler's matter.
@NullMarked
package dev.sallyport.controlplane.config.access;

import org.jspecify.annotations.NullMarked;
