package dev.sallyport.api.table;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SlotTableTest {
    /// Times until which a key is known, which grow by what each costs. Keys in one bucket have the same upper
    /// half.
    private static class Ends implements Words {
        @Override
        public boolean free(long word, long moment) {
            return word < moment;
        }

        @Override
        public long after(long word, long cost, long moment) {
            return Math.max(word, moment) + cost;
        }
    }

    private final SlotTable table = new SlotTable(new TableMemory(1L << 30, Runnable::run), 1);
    private final SlotTable.Taken taken = new SlotTable.Taken();

    private long take(Words words, long key, long cost, long moment) {
        return table.take(words, 0, key, cost, moment, SlotTable.NOWHERE, taken);
    }

    @Test
    void aPlaceThatAnotherKeyHasByNowTellsNothingOfIt() {
        Words words = new Ends();
        take(words, 1, 10, 100);
        long place = taken.place();
        assertThat(table.word(place, 1)).isEqualTo(110);
        take(words, 2, 10, 200);
        assertThat(taken.place()).as("the first that is free").isEqualTo(place);
        assertThat(table.word(place, 1)).isEqualTo(SlotTable.BUSY);
        assertThat(table.word(place, 2)).isEqualTo(210);
        assertThat(table.find(0, 1)).isEqualTo(SlotTable.NOWHERE);
        // who remembers the place takes nothing of the other
        assertThat(table.take(words, 0, 1, 7, 205, place, taken)).isEqualTo(212);
        assertThat(taken.place()).isNotEqualTo(place);
        assertThat(table.word(place, 2)).isEqualTo(210);
    }

    @Test
    void RL_09_aKeyThatSomebodyElsePutElsewhereMeanwhileHasOneWord() {
        take(new Ends(), 9, 10, 100);
        long first = taken.place();
        SlotTable.Taken others = new SlotTable.Taken();
        // sees the first slot taken; before it has the second, another thread finds the first free and puts
        // the key there
        Words late = new Ends() {
            private boolean met;

            @Override
            public boolean free(long word, long moment) {
                if (word == 0 && !met) {
                    met = true;
                    table.take(new Ends(), 0, 1, 5, 200, SlotTable.NOWHERE, others);
                }
                return super.free(word, moment);
            }
        };
        assertThat(take(late, 1, 7, 50)).as("both together").isEqualTo(200 + 5 + 7);
        assertThat(others.place()).isEqualTo(first);
        assertThat(taken.place()).isEqualTo(first);
        assertThat(table.keys(new Ends(), 50)).isEqualTo(1);
    }

    @Test
    void RL_11_whoFindsNoSlotSharesAWordAndForgetsNobody() {
        Words words = new Ends();
        for (int key = 1; key <= 8; key++) {
            take(words, key, 1000, 100);
        }
        take(words, 50, 5, 100);
        assertThat(taken.place()).isEqualTo(SlotTable.SHARED);
        assertThat(take(words, 51, 5, 100)).as("together with the one before").isEqualTo(110);
        assertThat(table.overflowed()).isEqualTo(2);
        for (int key = 1; key <= 8; key++) {
            assertThat(table.word(table.find(0, key), key)).isEqualTo(1100);
        }
    }
}
