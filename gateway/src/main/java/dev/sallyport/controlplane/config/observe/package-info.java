/// What the configuration says of alerts and of who is told: records that mirror the YAML.
@NullMarked
package dev.sallyport.controlplane.config.observe;

import org.jspecify.annotations.NullMarked;
