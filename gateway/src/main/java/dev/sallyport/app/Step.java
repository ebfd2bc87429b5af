package dev.sallyport.app;

/// One part of a change that was made ready: it is put into use or given up, and neither can fail.
interface Step {
    void use();

    /// Gives back what was acquired for it.
    void abandon();

    /// What needs nothing to be made ready.
    static Step of(Runnable use) {
        return of(use, () -> {});
    }

    /// A change made of its two ends.
    static Step of(Runnable use, Runnable abandon) {
        return new Step() {
            @Override
            public void use() {
                use.run();
            }

            @Override
            public void abandon() {
                abandon.run();
            }
        };
    }

    /// No change.
    Step NONE = new Step() {
        @Override
        public void use() {}

        @Override
        public void abandon() {}
    };
}
