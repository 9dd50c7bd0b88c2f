package dev.recado.node;

import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;
import dev.recado.core.topic.Partition;
import dev.recado.shard.Asker;
import dev.recado.shard.CommandFrame;
import dev.recado.shard.Join;
import dev.recado.shard.MemberCommand;
import dev.recado.shard.MemberId;
import dev.recado.shard.MemberPort;
import dev.recado.shard.PartitionAnswer;
import dev.recado.shard.PartitionCommand;
import dev.recado.shard.Receipts;
import dev.recado.shard.ShardCommands;
import dev.recado.shard.ShardOwner;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What sessions say to a shard, and what is answered by ticket, crosses as bytes, as it would between two nodes. */
final class CommandsAsBytes extends ShardCommands {

    private final WorldTruth truth;
    private final WorldFacts facts;

    CommandsAsBytes(ShardOwner shard, WorldTruth truth, WorldFacts facts) {
        super(shard);
        this.truth = truth;
        this.facts = facts;
    }

    @Override
    public void tell(MemberId id, MemberPort from, MemberCommand command) {
        CommandFrame.OfMember frame = cross(new CommandFrame.OfMember(id, command));
        facts.onCrossed(frame.command());
        super.tell(frame.id(), from, frame.command());
    }

    @Override
    public void ask(MemberId id, MemberPort from, MemberCommand command) {
        CommandFrame.OfMember frame = cross(new CommandFrame.OfMember(id, command));
        facts.onCrossed(frame.command());
        super.ask(frame.id(), from, frame.command());
    }

    @Override
    public void ask(Partition partition, Asker from, long ticket, PartitionCommand command) {
        CommandFrame.OfPartition frame = cross(new CommandFrame.OfPartition(partition.id(), ticket, command));
        facts.onCrossed(frame.command());
        super.ask(there(partition, frame.partition()), answering(from), frame.ticket(), frame.command());
    }

    @Override
    public void join(Partition partition, MemberPort from, Receipts session, Join join) {
        CommandFrame.OfJoin frame = cross(new CommandFrame.OfJoin(partition.id(), join));
        facts.onCrossed(frame.join());
        super.join(there(partition, frame.partition()), from, session, frame.join());
    }

    @Override
    public void askProducer(String id, Asker from, long ticket) {
        super.askProducer(id, answering(from), ticket);
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
