package dev.sallyport.api.plugin;

/// Makes extensions of one kind from their configuration.
///
/// Built-in factories are listed in the catalogue; others are found as services of this type.
///
/// @param <C> the configuration record; its components are the keys users write, in kebab-case
/// @param <P> what is made: a policy, a load balancer factory
public interface PluginFactory<C extends Record, P> {
    /// The word users write, in kebab-case.
    String kind();

    Class<C> configType();

    /// What the factory makes; the catalogue groups factories by it.
    Class<P> pluginType();

    /// Called on a control thread when a configuration is compiled.
    ///
    /// @throws PluginException when the configuration cannot work
    P create(C config, PluginContext context) throws PluginException;
}
