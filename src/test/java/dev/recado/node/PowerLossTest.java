package dev.recado.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recado.broker.SubscriptionLink;
import dev.recado.core.topic.Durability;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicFigures;
import dev.recado.core.topic.TopicSettings;
import dev.recado.journal.SharedSimDisk;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Images of the disk as a power loss at some moment leaves it, with topics of both durabilities in one shard: every one
 * starts, has what was confirmed as synced, in order and without gaps, and nothing that was not sent. 24 images by
 * default, others with {@code -Drecado.power.images=…}; the seed is printed.
 */
@Timeout(1_800)
class PowerLossTest {

    private static final int IMAGES_A_NODE = 8;
    private static final String SAFE = "safe";

    private final long seed = Long.getLong("recado.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final List<Image> images = new ArrayList<>();

    /** What was confirmed before the picture was taken, and sent by its end. */
    private record Image(SharedSimDisk disk, String looseName, long safeConfirmed, long safeSent, long looseSent) {}

    @Test
    void shouldStartWithEverythingConfirmedAfterAPowerLoss() throws Exception {
        int wanted = Integer.getInteger("recado.power.images", 24);
        System.out.println("PowerLossTest images=" + wanted + " seed=" + seed);
        int looked = 0;
        long kept = 0;
        while (looked < wanted) {
            images.clear();
            takeImages();
            for (Image image : images) {
                kept += check(image, looked++);
            }
        }
        System.out.println("PowerLossTest looked=" + looked + " safeMessages=" + kept);
    }

    private void takeImages() throws Exception {
        SharedSimDisk disk = new SharedSimDisk(random.nextLong());
        try (NodeRig rig = NodeRig.start(new SwitchableDisk(disk), 0)) {
            TestSession safeSession = rig.sessionOn(0);
            TestSession looseSession = rig.sessionOn(1);
            Topic safe = safeSession.create(SAFE, settings(Durability.FSYNC));
            Topic loose = neighbour(looseSession, safe);
            TestSession consumer = rig.sessionOn(0);
            consumer.subscribe(SAFE, "workers", 50, StartPosition.first());
            long safeSent = 0;
            long looseSent = 0;
            for (int i = 0; i < IMAGES_A_NODE; i++) {
                for (int batch = 1 + random.nextInt(6); batch > 0; batch--) {
                    int safeCount = random.nextInt(40);
                    int looseCount = random.nextInt(40);
                    publish(safeSession, safe, safeSent, safeCount);
                    publish(looseSession, loose, looseSent, looseCount);
                    safeSent += safeCount;
                    looseSent += looseCount;
                    if (random.nextInt(3) == 0) {
                        long all = safeSent;
                        await().until(() -> safeSession.confirmed.get() == all);
                    }
                    if (random.nextInt(4) == 0) {
                        rig.flush();
                    }
                    if (random.nextInt(6) == 0) {
                        rig.node().journal().checkpoint(() -> {});
                    }
                }
                long confirmed = safeSession.confirmed.get();
                SharedSimDisk image = disk.afterPowerLoss(random.nextLong());
                images.add(new Image(image, loose.name().name(), confirmed, safeSent, looseSent));
            }
        }
    }

    /** A topic of durability {@code os} in the same shard. */
    private static Topic neighbour(TestSession session, Topic safe) throws Exception {
        for (int i = 0; ; i++) {
            Topic topic = session.create("loose" + i, settings(Durability.OS));
            if (topic.partition(0).shard() == safe.partition(0).shard()) {
                return topic;
            }
        }
    }

    private static TopicSettings settings(Durability durability) {
        TopicSettings base = TopicSettings.DEFAULT;
        return base.with(TopicSettings.DURABILITY, durability);
    }

    /** Payloads end in their offset. */
    private static void publish(TestSession session, Topic topic, long from, int count) throws Exception {
        for (int i = 0; i < count; i++) {
            session.publish(topic, 1, (from + i) + "/");
        }
    }

    private long check(Image image, int number) throws Exception {
        try (NodeRig rig = NodeRig.start(new SwitchableDisk(image.disk()), 0)) {
            TestSession session = rig.sessionOn(0);
            String name = "seed=" + seed + " image=" + number;
            long safeEnd = read(session, SAFE, image.safeSent(), name);
            long looseEnd = read(session, image.looseName(), image.looseSent(), name);
            assertThat(safeEnd).as(name).isGreaterThanOrEqualTo(image.safeConfirmed());
            assertThat(looseEnd).as(name).isNotNegative();
            return safeEnd;
        } catch (Exception | AssertionError failed) {
            throw new AssertionError("seed=" + seed + " image=" + number + " " + image, failed);
        }
    }

    /** Reads all of a topic from a start on, and one that is published now behind it; answers its end. */
    private static long read(TestSession session, String name, long sent, String where) throws Exception {
        Topic topic = session.topic(name);
        TopicFigures figures = session.call(() -> session.link().describe(topic));
        long end = figures.partitions().get(0).end();
        assertThat(end).as(where).isLessThanOrEqualTo(sent);
        SubscriptionLink all = session.subscribe(name, "check", 1_000, StartPosition.first());
        for (long offset = 0; offset < end; offset++) {
            TestSession.Received received = session.next();
            assertThat(received.offset()).as(where).isEqualTo(offset);
            assertThat(received.text()).as(where).isEqualTo(offset + "/0");
        }
        session.publish(topic, 1, "new");
        TestSession.Received received = session.next();
        assertThat(received.offset()).as(where).isEqualTo(end);
        session.call(all::close);
        return end;
    }
}
