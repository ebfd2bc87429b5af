/// `sallyport alerts`: what is the matter with a running gateway, and who is told.
@NullMarked
package dev.sallyport.app.cli.alert;

import org.jspecify.annotations.NullMarked;
