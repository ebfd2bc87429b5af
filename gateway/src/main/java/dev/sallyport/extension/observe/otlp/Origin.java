package dev.sallyport.extension.observe.otlp;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.resources.Resource;
import java.util.Map;

/// Who it is that tells: OpenTelemetry's resource and scope.
public final class Origin {
    /// What all signals of this gateway name as their source.
    public static final InstrumentationScopeInfo SCOPE =
            InstrumentationScopeInfo.builder("dev.sallyport").build();

    private static final String SERVICE = "sallyport";

    private Origin() {}

    /// This process.
    ///
    /// @param instance unlike that of any other gateway
    /// @param chosen   what the configuration adds, or puts in the place of what is known
    public static Resource resource(String version, String instance, Map<String, String> chosen) {
        AttributesBuilder attributes = Attributes.builder()
                .put("service.name", SERVICE)
                .put("service.version", version)
                .put("service.instance.id", instance);
        chosen.forEach(attributes::put);
        return Resource.create(attributes.build());
    }
}
