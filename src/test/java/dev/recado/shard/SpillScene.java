package dev.recado.shard;

import dev.recado.core.message.Draft;
import dev.recado.core.topic.Durability;
import dev.recado.core.topic.Overflow;
import dev.recado.core.topic.Spilling;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicSettings;
import dev.recado.node.NodeRig;
import dev.recado.node.SimRig;
import dev.recado.node.TestSession;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;

/** Messages of which memory holds a few, and what became of them. */
final class SpillScene {

    static final int MIB = 1024 * 1024;
    static final int MESSAGE_BYTES = 4096;
    /** Of all loops; half of that each. */
    static final int MEMORY_BYTES = 2 * MIB;

    /** Several times what one loop has. */
    static final int MANY = 1_500;

    static final String SPILLED = "spill/";
    private static final int OF_A_TURN = 20;

    private SpillScene() {}

    /** A queue as one of AMQP that is not durable. */
    static TopicSettings spilling() {
        return NodeRig.queue()
                .with(TopicSettings.DURABILITY, Durability.MEMORY)
                .with(TopicSettings.OVERFLOW, Overflow.DROP_OLDEST)
                .with(Spilling.KEY, true);
    }

    /** Publishes the messages from one number to another, a few in each turn of the session. */
    static void publish(SimRig rig, TestSession session, Topic topic, int from, int to) throws Exception {
        publish(rig, session, topic, from, to, number -> 0);
    }

    static void publish(SimRig rig, TestSession session, Topic topic, int from, int to, IntUnaryOperator priority)
            throws Exception {
        for (int at = from; at < to; at += OF_A_TURN) {
            int first = at;
            session.run(() -> {
                Draft draft = new Draft();
                for (int i = first; i < Math.min(to, first + OF_A_TURN); i++) {
                    byte[] payload = payload(i);
                    draft.clear().payload(payload, 0, payload.length).priority = priority.applyAsInt(i);
                    session.link().publish(topic, draft, i);
                }
            });
            rig.pass(1);
        }
        rig.settle();
    }

    private static byte[] payload(int number) {
        return String.format("%-" + MESSAGE_BYTES + "s", "m" + number).getBytes(StandardCharsets.UTF_8);
    }

    static List<String> texts(int from, int to) {
        List<String> all = new ArrayList<>();
        for (int i = from; i < to; i++) {
            all.add("m" + i);
        }
        return all;
    }

    /** What was delivered since the last question. */
    static List<String> received(TestSession session) {
        List<TestSession.Received> all = new ArrayList<>();
        session.received.drainTo(all);
        return all.stream().map(each -> each.text().strip()).toList();
    }
}
