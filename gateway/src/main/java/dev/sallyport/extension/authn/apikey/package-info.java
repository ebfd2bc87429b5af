/// `api-key`: keys of partners and programs. `ApiKey` is the authenticator; `key` is how keys are made and kept.
@NullMarked
package dev.sallyport.extension.authn.apikey;

import org.jspecify.annotations.NullMarked;
