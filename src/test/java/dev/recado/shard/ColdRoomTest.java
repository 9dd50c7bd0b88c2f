package dev.recado.shard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.core.message.Draft;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicSettings;
import dev.recado.node.SimRig;
import dev.recado.node.TestSession;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who reads a large message of segments needs both its turn among cold readers and room for what it is handed. */
@Timeout(60)
class ColdRoomTest {

    private static final int LARGE_BYTES = 2 * HandedShare.LARGE_MESSAGE_BYTES;
    private static final int ROUNDS = 20;

    /** A group whose members always have something large of memory to be handed, as much as there is room for. */
    private static final class Rival {
        private final ShardLoop home;
        private final HandedShare share;
        private final byte[] all;
        private final Runnable wake = this::onRoom;
        private boolean holds;

        Rival(ShardLoop home) {
            this.home = home;
            share = home.memory().handed();
            all = new byte[Math.toIntExact(share.largeBytesMax())];
        }

        /** Is handed all that there is room for, and waits for more. */
        private void onRoom() {
            home.execute(() -> {
                take();
                waitForMore();
            });
        }

        void take() {
            holds = share.mayHand(all, all.length, wake);
        }

        void waitForMore() {
            if (holds) {
                share.mayHand(new byte[LARGE_BYTES], LARGE_BYTES, wake);
            }
        }

        /** What it was handed is written. */
        void letGo() {
            if (holds) {
                holds = false;
                share.letGo(all);
            }
        }
    }

    private static Topic stored(SimRig rig) throws Exception {
        TestSession publisher = rig.sessionOn(0);
        publisher.create("new", TopicSettings.DEFAULT);
        Topic old = publisher.create("old", TopicSettings.DEFAULT);
        byte[] payload = new byte[LARGE_BYTES];
        publisher.run(() -> publisher.link().publish(old, new Draft().payload(payload, 0, payload.length), 1));
        rig.flush();
        rig.stop();
        rig.restart();
        return old;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void shouldHaveRoomInItsTurnThoughOthersAlwaysTakeIt(long seed) throws Exception {
        try (SimRig rig = SimRig.start(seed)) {
            // Given somebody who has all of the room, and who reads behind it while a publish is under way
            Topic old = stored(rig);
            ShardLoop home = rig.shardOf(old).loop();
            Rival rival = new Rival(home);
            home.execute(rival::take);
            TestSession publisher = rig.sessionOn(0);
            TestSession reader = rig.sessionOn(1);
            reader.subscribe("old", "g", 1, StartPosition.first());
            rig.holdJournal(true);
            publisher.publish(publisher.topic("new"), 1, "m");
            rig.pass(100);
            boolean early = !reader.received.isEmpty();
            home.execute(rival::waitForMore);

            // When
            for (int round = 0; round < ROUNDS; round++) {
                home.execute(rival::letGo);
                rig.pass(100);
            }

            // Then
            assertThat(early).isFalse();
            assertThat(reader.received).hasSize(1);
            rig.holdJournal(false);
        }
    }
}
