package dev.recado.broker.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Which partition has the member alone, and when. */
class SolitudeTest implements Solitude.Seats {

    private final List<String> told = new ArrayList<>();
    private final Map<Integer, Runnable> reserved = new HashMap<>();
    private final Solitude solitude = new Solitude(this);

    @Override
    public int count() {
        return 3;
    }

    @Override
    public void reserve(int partition, int asker, long question) {
        told.add("reserve " + partition);
        reserved.put(partition, () -> solitude.onEmpty(asker, question));
    }

    @Override
    public void release(int partition) {
        told.add("release " + partition);
        reserved.remove(partition);
    }

    @Override
    public void grant(int partition, long question) {
        told.add("grant " + partition + " for " + question);
    }

    private void empty(int partition) {
        Objects.requireNonNull(reserved.get(partition)).run();
    }

    private List<String> told() {
        List<String> all = List.copyOf(told);
        told.clear();
        return all;
    }

    @Test
    void shouldGrantOnceTheOthersHoldNothing() {
        solitude.want(1, 7);
        assertThat(told()).containsExactly("reserve 0", "reserve 2");
        empty(2);
        assertThat(told()).isEmpty();
        empty(0);
        assertThat(told()).containsExactly("grant 1 for 7");
        solitude.end(1);
        assertThat(told()).containsExactly("release 0", "release 2");
    }

    @Test
    void shouldServeOneAfterTheOther() {
        solitude.want(0, 1);
        solitude.want(2, 1);
        empty(1);
        empty(2);
        assertThat(told()).containsExactly("reserve 1", "reserve 2", "grant 0 for 1");
        solitude.end(0);
        assertThat(told()).containsExactly("release 1", "release 2", "reserve 0", "reserve 1");
        empty(0);
        empty(1);
        assertThat(told()).containsExactly("grant 2 for 1");
    }

    @Test
    void shouldForgetWhatIsNoLongerWanted() {
        // Given one that has it and one that waits
        solitude.want(0, 1);
        solitude.want(1, 1);
        Runnable late = Objects.requireNonNull(reserved.get(2));
        solitude.end(1);
        solitude.end(0);
        told();

        // When a partition is rid of its last message only now
        solitude.want(1, 2);
        late.run();
        empty(0);

        // Then
        assertThat(told()).containsExactly("reserve 0", "reserve 2");
        empty(2);
        assertThat(told()).containsExactly("grant 1 for 2");
    }
}
