package dev.recado.node;

import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;
import dev.recado.core.topic.Partition;
import dev.recado.shard.Asker;
import dev.recado.shard.CommandFrame;
import dev.recado.shard.PartitionAnswer;
import dev.recado.shard.PendingRun;
import dev.recado.shard.ShardCommand;
import dev.recado.shard.ShardLoop;
import dev.recado.shard.ShardPort;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What sessions say to a shard, and what is answered by ticket, crosses as bytes, as it would between two nodes. */
final class CommandsAsBytes implements ShardPort {

    private final ShardPort shard;
    private final WorldTruth truth;
    private final WorldFacts facts;

    CommandsAsBytes(ShardPort shard, WorldTruth truth, WorldFacts facts) {
        this.shard = shard;
        this.truth = truth;
        this.facts = facts;
    }

    @Override
    public ShardLoop loop() {
        return shard.loop();
    }

    @Override
    public void accept(PendingRun run) {
        shard.accept(run);
    }

    @Override
    public void tell(ShardCommand command) {
        if (command instanceof ShardCommand.ToMember said) {
            CommandFrame.OfMember frame = cross(new CommandFrame.OfMember(said.id(), said.command()));
            facts.onCrossed(frame.command());
            shard.tell(new ShardCommand.ToMember(frame.id(), said.from(), frame.command()));
        } else if (command instanceof ShardCommand.ToPartition said) {
            Partition partition = said.partition();
            CommandFrame.OfPartition frame =
                    cross(new CommandFrame.OfPartition(partition.id(), said.ticket(), said.command()));
            facts.onCrossed(frame.command());
            shard.tell(new ShardCommand.ToPartition(
                    there(partition, frame.partition()), answering(said.from()), frame.ticket(), frame.command()));
        } else if (command instanceof ShardCommand.ToJoin said) {
            Partition partition = said.partition();
            CommandFrame.OfJoin frame = cross(new CommandFrame.OfJoin(partition.id(), said.join()));
            facts.onCrossed(frame.join());
            shard.tell(new ShardCommand.ToJoin(
                    there(partition, frame.partition()), said.from(), said.session(), frame.join()));
        } else if (command instanceof ShardCommand.NextNumber said) {
            shard.tell(new ShardCommand.NextNumber(
                    said.namespace(), said.producer(), answering(said.from()), said.ticket()));
        } else if (command instanceof ShardCommand.ChangeCatalog said) {
            shard.tell(new ShardCommand.ChangeCatalog(said.change(), answering(said.from()), said.ticket()));
        } else {
            shard.tell(command);
        }
    }

    /** Another node knows a partition by its number, from its own catalog. */
    private static Partition there(Partition said, int number) {
        return new Partition(number, said.topicId(), said.index(), said.shard());
    }

    private Asker answering(Asker from) {
        return new Asker() {
            @Override
            public void answered(long ticket, PartitionAnswer answer) {
                CommandFrame.OfAnswer frame = cross(new CommandFrame.OfAnswer(ticket, answer));
                facts.onCrossed(frame.answer());
                from.answered(frame.ticket(), frame.answer());
            }

            @Override
            public boolean isThere() {
                return from.isThere();
            }
        };
    }

    /** From the middle of an array, so that nothing rests upon where a frame lies. */
    @SuppressWarnings("unchecked")
    private <F extends CommandFrame> F cross(F frame) {
        CommandFrame read = readBack(frame);
        truth.must(read != null && read.getClass() == frame.getClass(), "what was said cannot be read");
        return (F) Objects.requireNonNull(read);
    }

    /** What is thrown here is thrown in a session's code, and the broker would live on. */
    private @Nullable CommandFrame readBack(CommandFrame frame) {
        ByteWriter out = new ByteWriter(16);
        out.put(7).put(7);
        try {
            frame.encode(out);
            byte[] bytes = Arrays.copyOf(out.toByteArray(), out.size() + 3);
            return CommandFrame.decode(new ByteReader(bytes, 2, out.size() - 2));
        } catch (RuntimeException | AssertionError failure) {
            truth.must(false, "no bytes for " + frame + ": " + failure);
            throw failure;
        }
    }
}
