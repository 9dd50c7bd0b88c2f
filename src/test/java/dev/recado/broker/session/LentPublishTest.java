package dev.recado.broker.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recado.base.Loan;
import dev.recado.core.message.Draft;
import dev.recado.core.topic.Overflow;
import dev.recado.core.topic.Topic;
import dev.recado.node.NodeRig;
import dev.recado.node.TestSession;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Publishes whose memory was lent before they came: each byte is counted in one place, and given back there. */
@Timeout(60)
class LentPublishTest {

    private static final int COUNT = 20;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it before a test begins.
    Path directory;

    private final AtomicInteger lent = new AtomicInteger();

    private final class OneLoan implements Loan {
        private boolean ended;

        private OneLoan() {
            lent.incrementAndGet();
        }

        @Override
        public @Nullable Loan another() {
            return new OneLoan();
        }

        @Override
        public synchronized void giveBack() {
            if (!ended) {
                ended = true;
                lent.decrementAndGet();
            }
        }
    }

    /** What all loops count as published and not answered. */
    private static long unconfirmed(NodeRig rig) throws Exception {
        long bytes = 0;
        for (Loop loop : rig.loops()) {
            bytes += NodeRig.ask(loop, () -> loop.pressure().bytes());
        }
        return bytes;
    }

    /** The frame of the middle ones was above 64 KiB, so that memory was lent, and the message is not. */
    @ParameterizedTest
    @ValueSource(ints = {1_000, 65_400, 65_536, 100_000})
    void shouldLeaveNothingCountedOnceAllIsAnswered(int bytes) throws Exception {
        try (NodeRig rig = NodeRig.start(directory)) {
            // Given
            TestSession publisher = rig.sessionOn(0);
            Topic topic = publisher.create("orders", NodeRig.log(1, 0, Overflow.BLOCK));

            // When
            for (int i = 0; i < COUNT; i++) {
                int ticket = i;
                publisher.run(() -> {
                    Draft draft = new Draft().payload(new byte[bytes], 0, bytes);
                    draft.loan = new OneLoan();
                    publisher.link().publish(topic, draft, ticket);
                });
            }

            // Then
            await().until(() -> publisher.confirmed.get() == COUNT);
            rig.settle();
            assertThat(unconfirmed(rig)).isZero();
            assertThat(lent).hasValue(0);
        }
    }

    @Test
    void shouldGiveBackWhatWasLentForAMessageThatIsRefused() throws Exception {
        try (NodeRig rig = NodeRig.start(directory)) {
            TestSession publisher = rig.sessionOn(0);
            Topic topic = publisher.create("few", NodeRig.log(1, 1, Overflow.REJECT));
            for (int i = 0; i < COUNT; i++) {
                int ticket = i;
                publisher.run(() -> {
                    Draft draft = new Draft().payload(new byte[100_000], 0, 100_000);
                    draft.loan = new OneLoan();
                    publisher.link().publish(topic, draft, ticket);
                });
            }
            await().until(() -> publisher.confirmed.get() + publisher.refusals.size() == COUNT);
            rig.settle();
            assertThat(unconfirmed(rig)).isZero();
            assertThat(lent).hasValue(0);
        }
    }
}
