package dev.sallyport.controlplane.rights;

/// A kind of caller that rights are worked out for.
public sealed interface Caller {
    /// What it is called in a table.
    String label();

    /// Nobody who proved anything.
    record Anonymous() implements Caller {
        @Override
        public String label() {
            return "anonymous";
        }
    }

    /// Anybody whom an authenticator of the route proves, without any role.
    record AnyProven() implements Caller {
        @Override
        public String label() {
            return "any proven caller";
        }
    }

    /// A proven caller with one role, and those that it inherits.
    record WithRole(String role) implements Caller {
        @Override
        public String label() {
            return role;
        }
    }
}
