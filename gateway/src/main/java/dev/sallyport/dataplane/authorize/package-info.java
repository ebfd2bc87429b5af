/// What callers may do, by roles, permissions, scopes and conditions: `AccessPolicy` judges, with everything that
/// depends on the configuration alone worked out beforehand; `RoleModel` says which roles grant what; `Requirement` is
/// what a rule can ask for. Nothing here remembers a decision. It sees api only; who lets in is `admit`'s matter.
@NullMarked
package dev.sallyport.dataplane.authorize;

import org.jspecify.annotations.NullMarked;
