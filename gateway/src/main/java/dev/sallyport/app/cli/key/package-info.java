/// `sallyport key`: makes, lists, revokes and replaces API keys, and hashes passwords for `basic`.
@NullMarked
package dev.sallyport.app.cli.key;

import org.jspecify.annotations.NullMarked;
