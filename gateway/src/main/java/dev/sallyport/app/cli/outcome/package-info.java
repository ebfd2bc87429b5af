/// How commands end: exit codes, and failures in words for users.
@NullMarked
package dev.sallyport.app.cli.outcome;

import org.jspecify.annotations.NullMarked;
