package dev.sallyport.extension.limit;

import dev.sallyport.api.limit.Counters;

class MemoryCountersContractTest extends CountersContract {
    private final MemoryCounters counters = new TestClock().counters();

    @Override
    protected Counters counters() {
        return counters;
    }
}
