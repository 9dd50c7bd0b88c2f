package dev.recado.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.Loan;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ByteBudgetTest {

    private final ByteBudget budget = new ByteBudget(1_000_000);
    private final ArrayDeque<Runnable> turn = new ArrayDeque<>();
    private final Lender lender = budget.lender(turn::add);
    private final List<String> told = new ArrayList<>();

    /** Somebody who wants so much and takes it when he is called, unless he has something else to wait for. */
    private final class Someone implements Lender.Borrower {
        private final String name;
        private final long wanted;
        private boolean busy;

        private Someone(String name, long wanted) {
            this.name = name;
            this.wanted = wanted;
        }

        private boolean ask() {
            boolean given = lender.tryReserve(wanted, this);
            if (given) {
                told.add(name);
            }
            return given;
        }

        @Override
        public void onRoom() {
            if (!busy) {
                turn.add(this::ask); // as a session does, in the end of its turn
            }
        }
    }

    private void finishTurn() {
        while (!turn.isEmpty()) {
            turn.remove().run();
        }
    }

    @Test
    void shouldGiveInTheOrderOfAsking() {
        assertThat(lender.tryReserve(900_000, () -> {})).isTrue();
        Someone large = new Someone("large", 800_000);
        Someone small = new Someone("small", 100_000);
        assertThat(large.ask()).isFalse();
        // There is room for the small one, and the large one would wait for ever if such were let by.
        assertThat(small.ask()).isFalse();
        lender.release(900_000);
        finishTurn();
        assertThat(told).containsExactly("large", "small");
        assertThat(lender.windowMs()).isZero();
        assertThat(budget.usedBytes()).isEqualTo(900_000);
    }

    @Test
    void shouldCallWhoIsNextAgainWhereItsLoopWasFaster() {
        // Given two that wait on two loops, and room for both of them
        ArrayDeque<Runnable> slow = new ArrayDeque<>();
        ArrayDeque<Runnable> fast = new ArrayDeque<>();
        List<String> given = new ArrayList<>();
        Lender onSlow = budget.lender(slow::add);
        Lender onFast = budget.lender(fast::add);
        assertThat(lender.tryReserve(900_000, () -> {})).isTrue();
        Lender.Borrower[] both = new Lender.Borrower[2];
        both[0] = () -> take(onSlow, both[0], "first", given);
        both[1] = () -> take(onFast, both[1], "second", given);
        assertThat(onSlow.tryReserve(400_000, both[0])).isFalse();
        assertThat(onFast.tryReserve(400_000, both[1])).isFalse();
        lender.release(900_000);

        // When the second loop runs before the first
        run(fast);
        run(slow);
        run(fast);

        // Then
        assertThat(given).containsExactly("first", "second");
        assertThat(lender.windowMs()).isZero();
    }

    @Test
    void shouldCallWhoAskedForTheFirstTimeBehindOneThatWasCalled() {
        // Given
        ArrayDeque<Runnable> slow = new ArrayDeque<>();
        List<String> given = new ArrayList<>();
        Lender onSlow = budget.lender(slow::add);
        assertThat(lender.tryReserve(900_000, () -> {})).isTrue();
        Lender.Borrower[] both = new Lender.Borrower[2];
        both[0] = () -> take(onSlow, both[0], "first", given);
        both[1] = () -> take(lender, both[1], "second", given);
        assertThat(onSlow.tryReserve(400_000, both[0])).isFalse();
        lender.release(900_000);

        // When
        assertThat(lender.tryReserve(400_000, both[1])).isFalse();
        run(slow);
        run(turn);

        // Then
        assertThat(given).containsExactly("first", "second");
    }

    private static void take(Lender from, Lender.Borrower borrower, String name, List<String> given) {
        if (!given.contains(name) && from.tryReserve(400_000, borrower)) {
            given.add(name);
        }
    }

    private static void run(ArrayDeque<Runnable> loop) {
        while (!loop.isEmpty()) {
            loop.remove().run();
        }
    }

    @Test
    void shouldHaveSlowHoldersCutInTimeForWhoeverWaitsLast() {
        assertThat(lender.windowMs()).isZero();
        List<Someone> waiting = new ArrayList<>();
        for (int asked = 0; asked < 50; asked++) {
            Someone someone = new Someone("number " + asked, 500_000);
            if (!someone.ask()) {
                waiting.add(someone);
            }
            if (waiting.size() == 1) {
                assertThat(lender.windowMs()).isEqualTo(5_000);
            }
        }
        // Two at a time, and all that hold a part or wait are slow.
        assertThat(waiting).hasSize(48);
        assertThat(lender.windowMs()).isEqualTo(2_000);
        waiting.forEach(someone -> lender.forget(someone));
        assertThat(lender.windowMs()).isZero();
    }

    @Test
    void shouldKeepThePlaceOfWhoAsksAgain() {
        assertThat(lender.tryReserve(1_000_000, () -> {})).isTrue();
        Someone first = new Someone("first", 600_000);
        Someone second = new Someone("second", 600_000);
        assertThat(first.ask()).isFalse();
        assertThat(second.ask()).isFalse();
        assertThat(first.ask()).isFalse();
        lender.release(1_000_000);
        finishTurn();
        assertThat(told).containsExactly("first");
        lender.release(600_000);
        finishTurn();
        assertThat(told).containsExactly("first", "second");
    }

    @Test
    void shouldPassOverWhoDoesNotTakeWhatIsThere() {
        assertThat(lender.tryReserve(1_000_000, () -> {})).isTrue();
        Someone busy = new Someone("busy", 600_000);
        Someone next = new Someone("next", 600_000);
        assertThat(busy.ask()).isFalse();
        assertThat(next.ask()).isFalse();
        busy.busy = true;
        lender.release(1_000_000);
        finishTurn();
        assertThat(told).containsExactly("next");
    }

    @Test
    void shouldPassOverWhoHasGone() {
        assertThat(lender.tryReserve(1_000_000, () -> {})).isTrue();
        Someone gone = new Someone("gone", 1_000_000);
        Someone next = new Someone("next", 600_000);
        assertThat(gone.ask()).isFalse();
        assertThat(next.ask()).isFalse();
        lender.release(400_000);
        finishTurn();
        lender.release(200_000);
        lender.forget(gone);
        finishTurn();
        assertThat(told).containsExactly("next");
        assertThat(budget.usedBytes()).isEqualTo(1_000_000);
    }

    @Test
    void shouldCountALoanUntilItIsGivenBackOnce() {
        assertThat(lender.tryReserve(400_000, () -> {})).isTrue();
        Loan loan = Objects.requireNonNull(lender.lendOn(400_000));
        Loan copy = Objects.requireNonNull(loan.another());
        assertThat(budget.usedBytes()).isEqualTo(800_000);
        assertThat(loan.another()).as("a third").isNull();
        loan.giveBack();
        loan.giveBack();
        assertThat(budget.usedBytes()).isEqualTo(400_000);
        copy.giveBack();
        assertThat(budget.usedBytes()).isZero();
    }

    @Test
    void shouldLendForAllCopiesOrNone() {
        assertThat(lender.tryReserve(400_000, () -> {})).isTrue();
        assertThat(Loan.copies(lender.lendOn(400_000), 3)).isNull();
        assertThat(budget.usedBytes()).isZero();
        assertThat(Loan.copies(null, 3)).isEmpty();
        assertThat(lender.tryReserve(400_000, () -> {})).isTrue();
        assertThat(Loan.copies(lender.lendOn(400_000), 2)).hasSize(2);
        assertThat(budget.usedBytes()).isEqualTo(800_000);
    }

    @Test
    void shouldHandWhatAFrameHasOnWithItsMessage() {
        InputAssembly input = new InputAssembly(lender);
        byte[] bytes = new byte[300_000];
        input.feed(bytes, 0, 200_000);
        assertThat(input.more(300_000, 300_000)).isEqualTo(InputAssembly.Outcome.NEED_MORE);
        input.letGo();
        input.feed(bytes, 200_000, 100_000);
        assertThat(input.more(300_000, 300_000)).isEqualTo(InputAssembly.Outcome.READY);
        long assemblies = input.assemblies();
        Loan loan = Objects.requireNonNull(input.takeLoan());
        assertThat(input.assemblies()).isEqualTo(assemblies + 1);
        input.pass(300_000);
        input.letGo();
        assertThat(budget.usedBytes()).isEqualTo(300_000);
        assertThat(input.takeLoan()).isNull();
        loan.giveBack();
        assertThat(budget.usedBytes()).isZero();
    }
}
