package dev.recado.bench.text;

import dev.recado.base.ByteWriter;
import dev.recado.bench.Lanes;
import dev.recado.bench.LoadPlan;
import dev.recado.bench.LoadTransport.PublishEncoder;
import dev.recado.bench.Stamp;
import dev.recado.transport.text.wire.CommandWriter;
import java.util.Locale;
import java.util.Map;

/**
 * A publisher's frames: one copy of the topic's frame, then the stamp written into its payload.
 *
 * <pre>
 * PUB:topic:bytes⏎stamp filler⏎
 * </pre>
 */
final class TextPublishEncoder implements PublishEncoder {

    private final LoadPlan.Setup setup;
    private final int run;
    private final int publisher;
    private final int sizeBytes;
    private final byte[][] frames;
    private final String confirm;
    private final boolean numbered;

    TextPublishEncoder(LoadPlan plan, int publisher) {
        this.publisher = publisher;
        setup = plan.setup();
        run = plan.setup().run();
        sizeBytes = plan.publishing().sizeBytes();
        confirm = plan.publishing().confirm().name().toUpperCase(Locale.ROOT);
        numbered = plan.isNumbered();
        byte[] payload = Stamp.payload(run, sizeBytes);
        Lanes lanes = new Lanes(plan.publishing().publishers(), plan.topics().count());
        frames = new byte[lanes.lanesOf(publisher)][];
        for (int lane = 0; lane < frames.length; lane++) {
            ByteWriter frame = new ByteWriter(sizeBytes + 64);
            String topic = plan.topics().name(lanes.topicOf(publisher, lane));
            new CommandWriter(frame).publish(topic, "", Map.of(), payload);
            frames[lane] = frame.toByteArray();
        }
    }

    @Override
    public void greet(long nextSequence, ByteWriter out) {
        CommandWriter commands = new CommandWriter(out);
        if (setup.isElsewhere()) {
            commands.command("NAMESPACE:USE", setup.namespace());
        }
        commands.command("CONFIRM", confirm);
        if (numbered) {
            commands.producer("bench-" + Integer.toHexString(run) + "-" + publisher, nextSequence);
        }
    }

    @Override
    public void publish(long sequence, long intendedNanos, ByteWriter out) {
        byte[] frame = frames.length == 1 ? frames[0] : frames[(int) (sequence % frames.length)];
        out.put(frame);
        Stamp.write(out.array(), out.size() - 1 - sizeBytes, sizeBytes, run, publisher, sequence, intendedNanos);
    }

    @Override
    public void finish(ByteWriter out) {
        new CommandWriter(out).command("PING");
    }
}
