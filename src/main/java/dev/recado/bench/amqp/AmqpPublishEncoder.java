package dev.recado.bench.amqp;

import dev.recado.base.ByteWriter;
import dev.recado.bench.Lanes;
import dev.recado.bench.LoadPlan;
import dev.recado.bench.LoadTransport.PublishEncoder;
import dev.recado.bench.Stamp;
import dev.recado.transport.amqp.wire.AmqpFrameReader;
import dev.recado.transport.amqp.wire.AmqpFrames;
import dev.recado.transport.amqp.wire.BodyFrames;
import dev.recado.transport.amqp.wire.PropertiesBuilder;

/**
 * A publisher's messages: one copy of the topic's frames, then the stamp written into the first body frame.
 *
 * <pre>
 * basic.publish, content header, body frame(s): stamp filler
 * </pre>
 */
final class AmqpPublishEncoder implements PublishEncoder {

    private static final int TRANSIENT = 1;
    private static final int PERSISTENT = 2;
    /** No bound: its answer is what counts. */
    private static final int PREFETCH_ANY = 0;

    private final String namespace;
    private final int run;
    private final int publisher;
    private final int sizeBytes;
    private final boolean confirmed;
    private final byte[][] frames;
    private final int[] bodyAt;

    AmqpPublishEncoder(LoadPlan plan, int publisher) {
        this.publisher = publisher;
        namespace = plan.setup().namespace();
        run = plan.setup().run();
        sizeBytes = plan.publishing().sizeBytes();
        confirmed = plan.isConfirmed();
        Targets targets = new Targets(plan);
        byte[] payload = Stamp.payload(run, sizeBytes);
        ByteWriter properties = new ByteWriter(16);
        new PropertiesBuilder()
                .deliveryMode(targets.isDurable() ? PERSISTENT : TRANSIENT)
                .put(properties);
        Lanes lanes = new Lanes(plan.publishing().publishers(), plan.topics().count());
        frames = new byte[lanes.lanesOf(publisher)][];
        bodyAt = new int[frames.length];
        for (int lane = 0; lane < frames.length; lane++) {
            int topic = lanes.topicOf(publisher, lane);
            ByteWriter made = new ByteWriter(sizeBytes + 128);
            ClientWords.putPublish(targets.exchange(topic), targets.routingKey(topic), made);
            AmqpFrames.putContentHeader(made, ClientWords.CHANNEL, sizeBytes, properties.array(), 0, properties.size());
            bodyAt[lane] = made.size() + AmqpFrameReader.PRELUDE_BYTES;
            new BodyFrames()
                    .start(ClientWords.CHANNEL, 0, sizeBytes, ClientWords.FRAME_BYTES_MAX)
                    .putAll(made, payload);
            frames[lane] = made.toByteArray();
        }
    }

    @Override
    public void greet(long nextSequence, ByteWriter out) {
        ClientWords.putGreeting(namespace, out);
        if (confirmed) {
            ClientWords.putConfirmSelect(out);
        }
    }

    @Override
    public void publish(long sequence, long intendedNanos, ByteWriter out) {
        int lane = frames.length == 1 ? 0 : (int) (sequence % frames.length);
        int at = out.size() + bodyAt[lane];
        out.put(frames[lane]);
        Stamp.write(out.array(), at, sizeBytes, run, publisher, sequence, intendedNanos);
    }

    /** Methods of a channel are answered in order. */
    @Override
    public void finish(ByteWriter out) {
        ClientWords.putQos(PREFETCH_ANY, out);
    }
}
