package dev.recado.shard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FifoShareTest {

    private final FifoShare share = new FifoShare(100);
    private final List<String> granted = new ArrayList<>();

    private void take(String name, long bytes) {
        share.take(bytes, () -> granted.add(name));
    }

    @Test
    void shouldGrantInTheOrderOfAsking() {
        take("first", 80);
        take("large", 50);
        take("small", 10); // there would be room
        assertThat(granted).containsExactly("first");
        assertThat(share.isWanted()).isTrue();
        share.giveBack(30);
        assertThat(granted).containsExactly("first", "large");
        share.giveBack(50);
        assertThat(granted).containsExactly("first", "large", "small");
        assertThat(share.isWanted()).isFalse();
        assertThat(share.bytes()).isEqualTo(60);
    }

    @Test
    void shouldGrantAloneWhatIsLargerThanTheShare() {
        take("small", 1);
        take("huge", 1_000);
        take("next", 1);
        assertThat(granted).containsExactly("small");
        share.giveBack(1);
        assertThat(granted).containsExactly("small", "huge");
        share.giveBack(1_000);
        assertThat(granted).containsExactly("small", "huge", "next");
    }

    @Test
    void shouldGoOnWhereWhoIsGrantedGivesBackAtOnce() {
        take("first", 100);
        share.take(100, () -> {
            granted.add("second");
            share.giveBack(100);
        });
        take("third", 100);
        share.giveBack(100);
        assertThat(granted).containsExactly("first", "second", "third");
        share.giveBack(100);
        assertThat(share.bytes()).isZero();
    }
}
