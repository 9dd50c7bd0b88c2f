package dev.recado.apps.messaging.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.apps.messaging.wire.Envelope;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PeerListTest {

    private final PeerList peers = new PeerList("c");

    private static Envelope list(String... names) {
        List<Object> servers = new ArrayList<>();
        for (String name : names) {
            servers.add(Map.of("name", name, "rank", (long) name.charAt(0) - 'a' + 1, "endpoint", "tcp://" + name));
        }
        return new Envelope("heart", "ref", 1, 1, Map.of("servers", servers));
    }

    private List<String> names() {
        return peers.all().stream().map(PeerList.Peer::name).toList();
    }

    /** As it was: a reference server that had just started listed who registered first, alone; the others were gone. */
    @Test
    void shouldKeepThoseThatAReferenceServerHasToLearnOfAgain() {
        // Given
        assertThat(peers.onList(list("a", "b", "c"), 0)).isTrue();

        // When: it was down for long
        assertThat(peers.onList(list("c"), 60_000)).isFalse();

        // Then
        assertThat(names()).containsExactly("a", "b");
        assertThat(peers.before()).hasSize(2);

        // When: one comes back, the other does not
        peers.onList(list("a", "c"), 61_000);
        assertThat(names()).containsExactly("a", "b");
        peers.onList(list("a", "c"), 60_000 + PeerList.KEPT_MS);

        // Then
        assertThat(names()).containsExactly("a");

        // When: it is missing later once more
        peers.onList(list("c"), 70_000);
        peers.onList(list("c"), 71_000);

        // Then
        assertThat(names()).containsExactly("a");
        assertThat(peers.onList(list("a", "b", "c"), 72_000)).isTrue();
    }
}
