package dev.recado.transport.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ByteWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Conversations that are right, and then changed by seed: bytes, runs of bytes, the order of frames, the pieces in
 * which they come. Whatever a client says, no session ends by a bug, what it is told are frames, another client goes
 * on, and nothing of it stays behind.
 *
 * <p>{@code -Drecado.fuzz.amqp=…} sets how many there are, {@code -Drecado.seed=…} the first one's seed; a failure
 * names its own.
 */
class AmqpFuzzTest {

    private static final int CONVERSATIONS = 1_000;
    private static final int ROUND = 100;
    private static final int FRAME_BYTES = 4096;

    private static final String[] LINES = {
        "0 connection.tune-ok 100 4096 0",
        "0 connection.open /",
        "1 channel.open",
        "2 channel.open",
        "1 confirm.select",
        "2 basic.qos 0 3",
        "1 exchange.declare x topic durable alternate-exchange=y",
        "1 exchange.declare y fanout",
        "1 exchange.bind y x a.#",
        "1 queue.declare q durable x-max-length=100 x-message-ttl=60000",
        "1 queue.declare r exclusive",
        "1 queue.bind q x a.*",
        "1 queue.bind r amq.headers '' x-match=any n=~d5 t=~V",
        "2 basic.consume q tag x-priority=5",
        "1 basic.publish x a.b mandatory content-type=text/plain h.n=5 h.list=[a,b] priority=3 : hello",
        "1 basic.publish '' q expiration=60000 : another",
        "1 basic.publish '' nowhere mandatory",
        "1 basic.publish '' q h.CC=[r] : " + "long".repeat(3_000),
        "1 basic.get r",
        "1 basic.reject 1 requeue",
        "2 basic.ack 1",
        "2 basic.nack 0 multiple requeue",
        "2 basic.recover requeue",
        "2 basic.cancel tag",
        "1 queue.purge q",
        "1 queue.unbind q x a.*",
        "1 queue.delete r if-unused",
        "1 exchange.delete x if-unused",
        "2 channel.flow active",
        "2 channel.close 200",
        "0 connection.close 200"
    };

    private final long first = Long.getLong("recado.seed", System.nanoTime());
    private final int conversations = Integer.getInteger("recado.fuzz.amqp", CONVERSATIONS);

    private AmqpStage stage = new AmqpStage();

    @Test
    void shouldEndNoSessionByABugWhateverIsSaid() {
        System.out.println("AmqpFuzzTest seed=" + first + " conversations=" + conversations);
        for (int i = 0; i < conversations; i++) {
            if (i % ROUND == 0) {
                stage = new AmqpStage();
            }
            long seed = first + i;
            try {
                hold(new Random(seed), "fuzzed " + i);
            } catch (RuntimeException | AssertionError failure) {
                throw new AssertionError("seed " + seed + ": " + failure.getMessage(), failure);
            }
        }
    }

    private void hold(Random random, String name) {
        // Given
        AmqpPeer peer = stage.connection(name);
        byte[] said = said(random);

        // When
        int at = 0;
        while (at < said.length && !peer.closed) {
            int count = Math.min(said.length - at, 1 + random.nextInt(random.nextBoolean() ? 40 : 8_000));
            peer.send(Arrays.copyOfRange(said, at, at + count));
            stage.turn();
            at += count;
        }
        assertThat(AmqpStage.heard(peer)).doesNotContainNull();
        if (!peer.closed) {
            peer.close();
            stage.turn();
        }

        // Then
        assertThat(stage.broker.sessionFailures).isEmpty();
        assertOthersGoOn();
        assertThat(stage.budget.usedBytes()).isZero();
    }

    private void assertOthersGoOn() {
        AmqpPeer other = stage.peer("other");
        other.send("1 queue.declare mine", "1 basic.publish '' mine : m", "1 basic.get mine no-ack");
        stage.turn();
        List<String> heard = AmqpStage.heard(other);
        assertThat(heard).hasSize(2);
        assertThat(heard.get(1)).startsWith("1 basic.get-ok").endsWith(": m");
    }

    /** Frames of the conversation, some of which come twice, not at all, or elsewhere, and then wrong bytes. */
    private static byte[] said(Random random) {
        ByteWriter out = new ByteWriter(1024);
        out.put(AmqpPeer.HEADER).put(ClientFrames.startOk("PLAIN", AmqpPeer.plain("guest", "guest"), "basic.nack"));
        int odd = random.nextInt(4);
        for (int i = 0; i < LINES.length; i++) {
            int which = i > 3 && odd > 0 && random.nextInt(8) == 0 ? random.nextInt(LINES.length) : i;
            if (odd < 2 || random.nextInt(20) > 0) {
                out.put(ClientFrames.of(LINES[which], FRAME_BYTES));
            }
        }
        byte[] bytes = out.toByteArray();
        for (int i = random.nextInt(5); i > 0; i--) {
            bytes = changed(bytes, random);
        }
        return bytes;
    }

    private static byte[] changed(byte[] bytes, Random random) {
        int from = AmqpPeer.HEADER.length + random.nextInt(bytes.length - AmqpPeer.HEADER.length);
        int to = Math.min(bytes.length, from + 1 + random.nextInt(30));
        ByteWriter out = new ByteWriter(bytes.length + 64);
        out.put(bytes, 0, from);
        switch (random.nextInt(5)) {
            case 0 -> {} // a run is missing
            case 1 -> out.put(bytes, from, to - from).put(bytes, from, to - from);
            case 2 -> {
                byte[] rubbish = new byte[to - from];
                random.nextBytes(rubbish);
                out.put(rubbish);
            }
            case 3 -> out.put(0xFF).put(bytes, from + 1, to - from - 1);
            default -> out.put(bytes[from] ^ 1 << random.nextInt(8)).put(bytes, from + 1, to - from - 1);
        }
        return out.put(bytes, to, bytes.length - to).toByteArray();
    }
}
