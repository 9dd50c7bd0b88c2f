package dev.recado.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ByteWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the text path allocates, see {@link PathAllocation}. */
@Timeout(60)
class TextPathAllocationIT extends PathAllocation {

    private static final int TOPICS = 1_000;

    TextPathAllocationIT(@TempDir Path folder) {
        super(folder);
    }

    private TextPeer publisher() throws IOException {
        TextPeer publisher = new TextPeer(port("text"));
        publisher.ask("CONFIRM:RANGE");
        return publisher;
    }

    /** Socket, codec, builder, owner, journal, segment, confirmation, socket. Measured: 154 to 173. */
    @Test
    void shouldAllocateLittlePerDurablePublish() throws Exception {
        // Given
        start(1);
        try (TextPeer publisher = publisher()) {
            publisher.ask("TOPIC:CREATE:t:durability=fsync");
            byte[] burst = burst();

            // When
            long bytes = bytesPerMessage(() -> {
                publisher.send(burst);
                publisher.awaitConfirmed(BURST);
            });

            // Then
            assertThat(bytes).as("bytes a message").isLessThan(260);
        }
    }

    /**
     * The same with two loops. Connections are dealt to them in turn, so that one publisher is at home with the owner
     * and the other's runs go to another loop, which may have to join several of them. Measured: 208 to 219.
     */
    @Test
    void shouldAllocateLittlePerDurablePublishFromAnotherLoop() throws Exception {
        // Given
        start(2);
        try (TextPeer left = publisher();
                TextPeer right = publisher()) {
            left.ask("TOPIC:CREATE:t:durability=fsync");
            byte[] burst = burst();

            // When
            long bytes = bytesPerMessage(() -> {
                        left.send(burst);
                        left.awaitConfirmed(BURST);
                        right.send(burst);
                        right.awaitConfirmed(BURST);
                    })
                    / 2;

            // Then
            assertThat(bytes).as("bytes a message").isLessThan(310);
        }
    }

    /** Socket, codec, builder, owner, tap, socket: nothing touches the disk. Measured: 154 to 205. */
    @Test
    void shouldAllocateLittlePerTappedMessage() throws Exception {
        // Given
        start(1);
        try (TextPeer publisher = publisher();
                TextPeer tap = new TextPeer(port("text"))) {
            publisher.ask("TOPIC:CREATE:t:durability=memory");
            tap.ask("SUB:t:*");
            byte[] burst = burst();

            // When
            long bytes = bytesPerMessage(() -> {
                publisher.send(burst);
                publisher.awaitConfirmed(BURST);
                tap.awaitDelivered(BURST);
            });

            // Then
            assertThat(bytes).as("bytes a message").isLessThan(270);
        }
    }

    /** Durable publish, then group, delivery, and an acknowledgement by a command of its own. Measured: 215 to 218. */
    @Test
    void shouldAllocateLittlePerMessageDeliveredAndAcknowledged() throws Exception {
        // Given
        start(1);
        try (TextPeer publisher = publisher();
                TextPeer member = new TextPeer(port("text"))) {
            publisher.ask("TOPIC:CREATE:t:durability=fsync");
            member.ask("SUB:t:g:" + 2 * BURST);
            byte[] burst = burst();

            // When
            long bytes = bytesPerMessage(() -> {
                publisher.send(burst);
                publisher.awaitConfirmed(BURST);
                member.send(acks(member.awaitDelivered(BURST)));
            });

            // Then
            assertThat(bytes).as("bytes a message").isLessThan(320);
        }
    }

    /**
     * A thousand durable topics with a group each, written in turn: nearly every message is a run of its own. Measured:
     * 740 to 780; 935 before, where each had an array of its own and was copied into its entry.
     */
    @Test
    void shouldAllocateLittlePerPublishToManyTopics() throws Exception {
        // Given
        start(1);
        try (TextPeer publisher = publisher()) {
            List<String> commands = new ArrayList<>();
            for (int i = 0; i < TOPICS; i++) {
                commands.add("TOPIC:CREATE:t" + i + ":durability=fsync");
                commands.add("GROUP:CREATE:t" + i + ":g");
            }
            publisher.ask(commands);
            byte[] burst = burst(TOPICS);

            // When
            long bytes = bytesPerMessage(() -> {
                publisher.send(burst);
                publisher.awaitConfirmed(BURST);
            });

            // Then
            assertThat(bytes).as("bytes a message").isLessThan(860);
        }
    }

    private static byte[] burst() {
        return burst(1);
    }

    private static byte[] burst(int topics) {
        ByteWriter out = new ByteWriter(BURST * (PAYLOAD_BYTES + 16));
        byte[] payload = new byte[PAYLOAD_BYTES];
        for (int i = 0; i < BURST; i++) {
            out.putAscii(topics == 1 ? "PUB:t:" : "PUB:t" + i % topics + ":")
                    .putDecimal(PAYLOAD_BYTES)
                    .put('\n')
                    .put(payload)
                    .put('\n');
        }
        return out.toByteArray();
    }

    private static byte[] acks(long first) {
        ByteWriter out = new ByteWriter(BURST * 16);
        for (int i = 0; i < BURST; i++) {
            out.putAscii("ACK:1:").putDecimal(first + i).put('\n');
        }
        return out.toByteArray();
    }
}
