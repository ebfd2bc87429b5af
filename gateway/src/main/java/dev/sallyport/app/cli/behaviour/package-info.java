/// `sallyport behaviour`: what speaks against callers and networks, pardon and ban.
@NullMarked
package dev.sallyport.app.cli.behaviour;

import org.jspecify.annotations.NullMarked;
