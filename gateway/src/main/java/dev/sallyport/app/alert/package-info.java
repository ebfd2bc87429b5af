/// Alerts in the running gateway: `Alerting` puts rules and notifiers of the configuration into use, `AlertEndpoints`
/// shows alerts to operators.
@NullMarked
package dev.sallyport.app.alert;

import org.jspecify.annotations.NullMarked;
