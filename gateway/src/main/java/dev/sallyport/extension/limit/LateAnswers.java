package dev.sallyport.extension.limit;

import dev.sallyport.api.limit.CounterStore;
import dev.sallyport.api.limit.CounterStore.Answer;
import dev.sallyport.api.limit.CounterStore.Ask;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What becomes of answers that come after this gateway has decided alone: what the store has counted is taken off
/// what it is owed for the same requests, or given back where it was told of it already.
///
/// @param all  what was asked
/// @param keys what is known of the key of each; null for nothing
record LateAnswers(CounterStore store, List<Ask> all, List<@Nullable KnownKey> keys) implements CounterStore.Late {
    @Override
    public void answered(List<Ask> asked, List<Answer> answers) {
        boolean taken = true;
        for (int i = 0; i < asked.size(); i++) {
            taken &= answers.get(i).allowed() || asked.get(i).trial();
        }
        List<Ask> back = new ArrayList<>();
        List<Long> until = new ArrayList<>();
        for (int i = 0; i < asked.size(); i++) {
            Ask ask = asked.get(i);
            Answer answer = answers.get(i);
            long counted = counted(ask, answer, taken && answer.allowed());
            KnownKey key = keys.get(all.indexOf(ask));
            long rest = key == null ? counted : key.oweLess(counted);
            if (rest > 0) {
                back.add(less(ask, rest));
                until.add(answer.until());
            }
        }
        if (!back.isEmpty()) {
            store.giveBack(back, until.stream().mapToLong(Long::longValue).toArray());
        }
    }

    /// How much the store counts now that it did not before; places are given back by whoever asked for them.
    private static long counted(Ask ask, Answer answer, boolean taken) {
        return switch (ask) {
            case Ask.Time time -> time.debt().owed() + (taken ? time.cost() + answer.ahead() : 0);
            case Ask.Amount amount -> amount.debt().owed() + (taken ? amount.cost() + answer.ahead() : 0);
            case Ask.Place _ -> 0;
        };
    }

    private static Ask less(Ask ask, long amount) {
        return switch (ask) {
            case Ask.Time time -> new Ask.Time(time.key(), false, amount, time.capacity(), 0, CounterStore.Debt.NONE);
            case Ask.Amount one ->
                new Ask.Amount(
                        one.key(),
                        false,
                        amount,
                        one.most(),
                        0,
                        CounterStore.Debt.NONE,
                        one.start(),
                        one.end(),
                        one.next());
            case Ask.Place place -> place;
        };
    }
}
