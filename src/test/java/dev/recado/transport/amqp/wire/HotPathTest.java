package dev.recado.transport.amqp.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.recado.base.ByteWriter;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/** What comes and goes with each message makes no garbage. */
class HotPathTest {

    private static final int FRAME_MAX = 4096;
    private static final int ROUNDS = 2_000;
    /** Far below an object a round. */
    private static final long BYTES_MAX = ROUNDS;

    private final AmqpFrameReader frames = new AmqpFrameReader();
    private final Arguments in = new Arguments();
    private final BasicPublish publish = new BasicPublish();
    private final Settlement settlement = new Settlement();
    private final ContentHeader header = new ContentHeader();
    private final FieldCursor field = new FieldCursor();
    private final BodyFrames bodies = new BodyFrames();
    private final ShortString tag = ShortString.of("amq.ctag-1");
    private final ByteWriter out = new ByteWriter(16 * 1024);

    @Test
    void shouldMakeNoGarbagePerMessage() {
        // Given
        byte[] input = input();
        for (int i = 0; i < ROUNDS; i++) {
            passOn(input);
        }
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

        // When
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < ROUNDS; i++) {
            passOn(input);
        }
        long made = threads.getCurrentThreadAllocatedBytes() - before;

        // Then
        assertThat(made).isLessThan(BYTES_MAX);
        assertThat(out.size()).isGreaterThan(5_000);
        assertThat(settlement.deliveryTag()).isEqualTo(7);
    }

    /** A publish of 5,000 bytes in two body frames, and an ack. */
    private static byte[] input() {
        ByteWriter input = new ByteWriter(8 * 1024);
        int mark = AmqpFrames.begin(input, 1, MethodId.BASIC_PUBLISH);
        input.putShort(0);
        Address.of("exchange", "größe").put(input);
        input.put(1);
        AmqpFrames.end(input, mark);
        ByteWriter properties = new ByteWriter(64);
        TableBuilder headers = new TableBuilder()
                .table("a", new TableBuilder().integer("b", 1))
                .text("c", "d");
        new PropertiesBuilder().deliveryMode(2).headers(headers).put(properties);
        AmqpFrames.putContentHeader(input, 1, 5_000, properties.array(), 0, properties.size());
        new BodyFrames().start(1, 0, 5_000, FRAME_MAX).putAll(input, new byte[5_000]);
        mark = AmqpFrames.begin(input, 1, MethodId.BASIC_ACK);
        input.putLong(7).put(0);
        AmqpFrames.end(input, mark);
        return input.toByteArray();
    }

    private void passOn(byte[] input) {
        out.clear();
        for (int at = 0; at < input.length; at = frames.end()) {
            boolean frame = frames.read(input, at, input.length, FRAME_MAX) == AmqpFrameReader.Outcome.FRAME;
            if (!frame || !passOn(input, frames.payloadStart(), frames.payloadLength())) {
                throw new AssertionError("a bad frame at " + at);
            }
        }
    }

    private boolean passOn(byte[] input, int from, int length) {
        if (frames.type() == AmqpFrameReader.METHOD) {
            MethodId method = MethodId.of(in.open(input, from, length));
            if (method == MethodId.BASIC_ACK) {
                boolean good = settlement.readAck(in);
                ServerBasic.putAck(out, 1, settlement.deliveryTag(), settlement.multiple());
                return good;
            }
            boolean good = method == MethodId.BASIC_PUBLISH && publish.read(in);
            ServerBasic.putDeliver(out, 2, tag, 1, false, publish.address());
            return good;
        }
        if (frames.type() == AmqpFrameReader.HEADER) {
            boolean good = header.read(input, from, length) && header.isPersistent();
            AmqpFrames.putContentHeader(
                    out, 2, header.bodyBytes(), header.bytes(), header.propertiesStart(), header.propertiesLength());
            return good && header.findHeader("c", field) && !header.findHeader("CC", field);
        }
        bodies.start(2, from, length, 1_000).putAll(out, input);
        return true;
    }
}
