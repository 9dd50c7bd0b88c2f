package dev.recado.transport.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ByteGauge;
import dev.recado.base.ByteWriter;
import dev.recado.core.topic.Catalog;
import dev.recado.core.topic.CatalogChange;
import dev.recado.core.topic.CatalogResult;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicName;
import dev.recado.core.topic.TopicSettings;
import dev.recado.transport.LargeOutput;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** {@link PendingReplies} against a model that keeps one answer a publish. */
class PendingRepliesTest {

    private static final int SEEDS = 2_000;

    private final Topic one = topic(1);
    private final Topic many = topic(3);

    private static Topic topic(int partitions) {
        TopicName name = TopicName.of("t" + partitions);
        CatalogChange create =
                new CatalogChange.CreateTopic(name, new UUID(1, partitions), settings(partitions), false);
        if (Catalog.empty(2).apply(create) instanceof CatalogResult.Applied applied) {
            return Objects.requireNonNull(applied.catalog().topic(name));
        }
        throw new AssertionError("topic refused");
    }

    private static TopicSettings settings(int partitions) {
        TopicSettings base = TopicSettings.DEFAULT;
        return base.with(TopicSettings.PARTITIONS, partitions);
    }

    @Test
    void shouldAnswerNeighboursWithOneRange() {
        // Given
        PendingReplies replies = new PendingReplies();
        for (int ticket = 0; ticket < 5; ticket++) {
            replies.openPublish(ticket, ConfirmMode.RANGE, -1, one);
        }
        replies.add("PONG");
        // When
        replies.confirmed(0, 3, 0, 10);
        // Then
        assertThat(drained(replies, 1 << 20)).isEqualTo("OK:MSG_IDS:10:12\n");
        assertThat(replies.size()).isEqualTo(3);
        replies.confirmed(3, 2, 0, 20);
        assertThat(drained(replies, 1 << 20)).isEqualTo("OK:MSG_IDS:20:21\nPONG\n");
        assertThat(replies.isEmpty()).isTrue();
    }

    @Test
    void shouldNameTheNumberOfARefusedPublishAmongConfirmedOnes() {
        // Given
        PendingReplies replies = new PendingReplies();
        for (int ticket = 0; ticket < 4; ticket++) {
            replies.openPublish(ticket, ConfirmMode.EACH, 100 + ticket, one);
        }
        // When
        replies.refused(2, 1, "ERROR:Topic full");
        replies.confirmed(0, 2, 0, 7);
        replies.confirmed(3, 1, 0, 9);
        // Then
        assertThat(drained(replies, 1 << 20))
                .isEqualTo("OK:MSG_ID:7\nOK:MSG_ID:8\nERROR:Topic full seq=102\nOK:MSG_ID:9\n");
    }

    @Test
    void shouldTakeTheSameTicketAgainAfterARefusalByTheCallItself() {
        // Given
        PendingReplies replies = new PendingReplies();
        replies.openPublish(0, ConfirmMode.EACH, -1, one);
        replies.openPublish(1, ConfirmMode.EACH, -1, one);
        replies.refusedAtOnce(1, "ERROR:Message too long");
        replies.add("PONG");
        replies.openPublish(1, ConfirmMode.EACH, -1, one);
        // When
        replies.confirmed(0, 2, 0, 5);
        // Then
        assertThat(drained(replies, 1 << 20)).isEqualTo("OK:MSG_ID:5\nERROR:Message too long\nPONG\nOK:MSG_ID:6\n");
    }

    @Test
    void shouldKeepApartARefusalByTheCallAndALaterOneWithTheSameLine() {
        // Given
        PendingReplies replies = new PendingReplies();
        replies.openPublish(0, ConfirmMode.EACH, -1, one);
        replies.openPublish(1, ConfirmMode.EACH, -1, one);
        replies.refused(1, 1, "L");
        replies.openPublish(2, ConfirmMode.EACH, -1, one);
        replies.refusedAtOnce(2, "L");
        replies.openPublish(2, ConfirmMode.EACH, -1, one);
        replies.openPublish(3, ConfirmMode.EACH, -1, one);

        // When
        replies.confirmed(0, 1, 0, 10);
        replies.confirmed(2, 2, 0, 11);

        // Then
        assertThat(drained(replies, 1 << 20)).isEqualTo("OK:MSG_ID:10\nL\nL\nOK:MSG_ID:11\nOK:MSG_ID:12\n");
    }

    @Test
    void shouldRefuseOneByOneAtTheCostOfEach() {
        // Given
        PendingReplies replies = new PendingReplies();
        int count = PendingReplies.ANSWERS_MAX;
        replies.open();
        for (int ticket = 0; ticket < count; ticket++) {
            replies.openPublish(ticket, ConfirmMode.EACH, ticket, one);
        }

        // When
        for (int ticket = 0; ticket < count; ticket++) {
            replies.refused(ticket, 1, "ERROR:Topic full");
        }

        // Then
        assertThat(replies.size()).isEqualTo(count + 1);
        assertThat(replies.places()).isLessThan(4);
    }

    @Test
    void shouldAnswerAsAModelDoesThatKeepsEveryAnswerByItself() {
        for (int seed = 0; seed < SEEDS; seed++) {
            new World(seed).run();
        }
    }

    private static String drained(PendingReplies replies, int bytesMax) {
        ByteWriter out = new ByteWriter(64);
        replies.drain(out, bytesMax, new LargeOutput(ByteGauge.NONE));
        return new String(out.toByteArray(), StandardCharsets.US_ASCII);
    }

    /** Random publishes, commands, outcomes in ranges of any cut and order, and drains of any size. */
    private final class World {
        private final int seed;
        private final Random random;
        private final PendingReplies replies = new PendingReplies();
        /** What is owed, in order; null for not known yet, empty for silence. */
        private final List<String> model = new ArrayList<>();

        private final List<Integer> slotOfTicket = new ArrayList<>();
        private final List<ConfirmMode> modes = new ArrayList<>();
        private final List<Long> sequences = new ArrayList<>();
        private final List<Topic> topics = new ArrayList<>();
        private final List<long[]> open = new ArrayList<>();
        private final StringBuilder said = new StringBuilder();
        private long nextTicket;
        private long nextSequence = 50;
        private long nextOffset;

        private World(int seed) {
            this.seed = seed;
            this.random = new Random(seed);
        }

        private void run() {
            for (int step = 0; step < 60; step++) {
                switch (random.nextInt(6)) {
                    case 0, 1 -> publish();
                    case 2 -> command();
                    case 3 -> settleCommand();
                    default -> outcome();
                }
                if (random.nextInt(3) == 0) {
                    said.append(drained(replies, 1 + random.nextInt(200)));
                }
                check();
            }
        }

        private void publish() {
            ConfirmMode mode = random.nextInt(4) == 0 ? ConfirmMode.NONE : ConfirmMode.EACH;
            boolean numbered = random.nextInt(3) == 0;
            Topic topic = random.nextInt(3) == 0 ? many : one;
            for (int i = random.nextInt(6); i >= 0; i--) {
                long sequence = numbered ? nextSequence++ : -1;
                replies.openPublish(nextTicket++, mode, sequence, topic);
                slotOfTicket.add(model.size());
                modes.add(mode);
                sequences.add(sequence);
                topics.add(topic);
                model.add(null);
            }
        }

        private void command() {
            if (random.nextBoolean()) {
                replies.add("PONG");
                model.add("PONG\n");
            } else {
                open.add(new long[] {replies.open(), model.size()});
                model.add(null);
            }
        }

        private void settleCommand() {
            if (!open.isEmpty()) {
                long[] slot = open.remove(random.nextInt(open.size()));
                assertThat(replies.isWaiting(slot[0])).as("seed %d", seed).isTrue();
                replies.settle(slot[0], "ok" + slot[0]);
                model.set((int) slot[1], "ok" + slot[0] + "\n");
            }
        }

        /** The outcome of some neighbouring tickets that have none yet. */
        private void outcome() {
            List<Integer> waiting = new ArrayList<>();
            for (int ticket = 0; ticket < nextTicket; ticket++) {
                if (model.get(slotOfTicket.get(ticket)) == null) {
                    waiting.add(ticket);
                }
            }
            if (waiting.isEmpty()) {
                return;
            }
            int first = waiting.get(random.nextInt(waiting.size()));
            int count = 1;
            while (waiting.contains(first + count)
                    && topics.get(first + count).partitionCount()
                            == topics.get(first).partitionCount()
                    && random.nextInt(4) > 0) {
                count++;
            }
            if (random.nextInt(4) == 0) {
                refuse(first, count);
            } else {
                confirm(first, count);
            }
        }

        private void refuse(int first, int count) {
            replies.refused(first, count, "ERROR:no");
            for (int ticket = first; ticket < first + count; ticket++) {
                String number = sequences.get(ticket) < 0 ? "" : " seq=" + sequences.get(ticket);
                model.set(slotOfTicket.get(ticket), "ERROR:no" + number + "\n");
            }
        }

        private void confirm(int first, int count) {
            nextOffset += random.nextInt(3);
            replies.confirmed(first, count, 2, nextOffset);
            for (int ticket = first; ticket < first + count; ticket++) {
                String id = (topics.get(ticket) == many ? "2-" : "") + nextOffset++;
                boolean silent = modes.get(ticket) == ConfirmMode.NONE;
                model.set(slotOfTicket.get(ticket), silent ? "" : "OK:MSG_ID:" + id + "\n");
            }
        }

        private void check() {
            StringBuilder known = new StringBuilder();
            for (String answer : model) {
                if (answer == null) {
                    break;
                }
                known.append(answer);
            }
            assertThat(known.toString()).as("seed %d", seed).startsWith(said.toString());
            if (random.nextInt(4) == 0) {
                said.append(drained(replies, 1 << 20));
                assertThat(said.toString()).as("seed %d", seed).isEqualTo(known.toString());
            }
        }
    }
}
