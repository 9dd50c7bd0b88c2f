package dev.recado.broker.session;

import dev.recado.base.Refusal;
import dev.recado.base.TimeSource;
import dev.recado.core.message.Draft;
import dev.recado.core.topic.Partition;
import dev.recado.node.NodeRig;
import dev.recado.shard.LoopMemory;
import dev.recado.shard.PendingRun;
import dev.recado.shard.PublishesUnderWay;
import dev.recado.shard.Receipts;
import dev.recado.shard.RunTarget;
import io.netty.channel.DefaultEventLoop;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A turn's publishes of one session gathered into a run, sealed and handed to an owner on the same loop. */
@State(Scope.Thread)
public class RunBuildersBench {

    private static final int MESSAGES = 500;
    private static final int PAYLOAD_BYTES = 128;

    private final DefaultEventLoop netty = new DefaultEventLoop();
    private final Loop loop = new Loop(
            0,
            NodeRig.turns(netty),
            new Pressure(1),
            new LoopMemory(1, 1, 0),
            new TapShare(1),
            new PublishesUnderWay(TimeSource.system()),
            failure -> {});
    private final Owner owner = new Owner(loop);
    private final Partition partition = new Partition(1, 1, 0, 0);
    private final Silence receipts = new Silence();
    private final byte[] input = new byte[16 * 1024];
    private final Draft draft = new Draft();
    private long ticket;

    /** Keeps the last run, so that the array of the one before is garbage. */
    private static final class Owner implements RunTarget {
        private final Loop loop;
        private PendingRun last;

        private Owner(Loop loop) {
            this.loop = loop;
        }

        @Override
        public Loop loop() {
            return loop;
        }

        @Override
        public void accept(PendingRun run) {
            last = run;
        }
    }

    private static final class Silence implements Receipts {
        @Override
        public void onConfirmed(long firstTicket, int count, int partitionIndex, long firstOffset, long bytes) {
            // nobody asks
        }

        @Override
        public void onRefused(long firstTicket, int count, Refusal refusal, long bytes) {
            // nobody asks
        }

        @Override
        public void onParked(long bytes) {
            // nobody asks
        }
    }

    @TearDown
    public void stop() {
        netty.shutdownGracefully(0, 0, TimeUnit.SECONDS).syncUninterruptibly();
    }

    /** Per message; what it allocates is what the broker keeps of it. */
    @Benchmark
    @OperationsPerInvocation(MESSAGES)
    public int record() {
        RunBuilders builders = loop.builders();
        for (int i = 0; i < MESSAGES; i++) {
            builders.add(
                    owner, partition, draft.clear().payload(input, i, PAYLOAD_BYTES), receipts, ticket++, null, -1);
        }
        builders.sealAll();
        return owner.last.bytes();
    }
}
