/// A token service for development and small systems: access tokens for clients that authenticate with a secret,
/// and refresh tokens that work once. Start with `TokenService`.
@NullMarked
package dev.sallyport.extension.token.service;

import org.jspecify.annotations.NullMarked;
