package dev.sallyport.hostile;

import dev.sallyport.api.http.RequestFault;

/// One row of a table of attacks: octets that have to be answered with one fault.
record Attack(String name, String octets, RequestFault fault) {}
