package dev.sallyport.controlplane.config;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// On a component that holds what plugins configure: a [PluginUse], written as a kind or as a map of one kind to
/// its configuration, or as a map that holds the kind under a key; or a map of them, whose entries are the keys of the
/// record itself that are kinds.
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Plugged {
    /// What the plugins make, see [dev.sallyport.api.plugin.PluginFactory#pluginType()].
    Class<?> value();

    /// The key that holds the kind, beside the plugin's own keys; empty when the kind itself is the only key.
    String kindKey() default "";
}
