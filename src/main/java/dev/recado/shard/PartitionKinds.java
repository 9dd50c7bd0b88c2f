package dev.recado.shard;

import static dev.recado.shard.FrameFields.putFlag;
import static dev.recado.shard.FrameFields.putGroup;
import static dev.recado.shard.FrameFields.readCount;
import static dev.recado.shard.FrameFields.readFlag;
import static dev.recado.shard.FrameFields.readGroup;
import static dev.recado.shard.FrameFields.readInt;

import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;
import dev.recado.core.topic.StartPosition;
import dev.recado.shard.PartitionCommand.AddTap;
import dev.recado.shard.PartitionCommand.AwaitLetters;
import dev.recado.shard.PartitionCommand.Browse;
import dev.recado.shard.PartitionCommand.Describe;
import dev.recado.shard.PartitionCommand.HoldUp;
import dev.recado.shard.PartitionCommand.MarkDamaged;
import dev.recado.shard.PartitionCommand.Members;
import dev.recado.shard.PartitionCommand.PickAutomatic;
import dev.recado.shard.PartitionCommand.Purge;
import dev.recado.shard.PartitionCommand.PurgeUnheld;
import dev.recado.shard.PartitionCommand.RemoveTap;
import dev.recado.shard.PartitionCommand.Reopen;
import dev.recado.shard.PartitionCommand.Reset;
import dev.recado.shard.PartitionCommand.Retain;
import dev.recado.shard.PartitionCommand.Shut;
import dev.recado.shard.PartitionCommand.Unreserve;
import dev.recado.shard.PartitionCommand.Used;

/** The bytes of each {@link PartitionCommand} and of a {@link Join}; fields are read in the order of writing. */
final class PartitionKinds {

    static final FrameKinds<PartitionCommand> ALL = new FrameKinds<PartitionCommand>()
            .add(32, new Describe())
            .add(33, new Purge())
            .add(34, Reset.class, PartitionKinds::putReset, in -> new Reset(readGroup(in), StartPosition.decode(in)))
            .add(
                    35,
                    Browse.class,
                    PartitionKinds::putBrowse,
                    in -> new Browse(StartPosition.decode(in), readInt(in), readCount(in)))
            .add(36, new PickAutomatic())
            .add(37, Unreserve.class, (one, out) -> out.putString(one.group()), in -> new Unreserve(in.readString()))
            .add(38, AddTap.class, (one, out) -> out.putVarLong(one.loop()), in -> new AddTap(readInt(in)))
            .add(39, RemoveTap.class, (one, out) -> out.putVarLong(one.loop()), in -> new RemoveTap(readInt(in)))
            .add(40, HoldUp.class, (one, out) -> out.putInt(one.change()), in -> new HoldUp(in.readInt()))
            .add(
                    41,
                    Retain.class,
                    (one, out) -> putFlag(out.putVarLong(one.below()), one.force()),
                    in -> new Retain(readCount(in), readFlag(in)))
            .add(42, new MarkDamaged())
            .add(
                    47,
                    Members.class,
                    (one, out) -> out.putVarLong(one.group()).putVarLong(one.countMax()),
                    in -> new Members(readInt(in), readInt(in)))
            .add(
                    48,
                    Shut.class,
                    (one, out) -> {
                        putFlag(out, one.ifUnused());
                        putFlag(out, one.ifEmpty());
                    },
                    in -> new Shut(readFlag(in), readFlag(in)))
            .add(49, new Reopen())
            .add(50, new Used())
            .add(51, new PurgeUnheld())
            .add(
                    52,
                    AwaitLetters.class,
                    (one, out) -> out.putVarLong(one.group()),
                    in -> new AwaitLetters(readInt(in)));

    private PartitionKinds() {}

    private static void putReset(Reset reset, ByteWriter out) {
        putGroup(out, reset.group());
        reset.to().encode(out);
    }

    private static void putBrowse(Browse browse, ByteWriter out) {
        browse.start().encode(out);
        out.putVarLong(browse.countMax()).putVarLong(browse.bytesMax());
    }

    static void putJoin(Join join, ByteWriter out) {
        putGroup(out.putString(join.topic()), join.group());
        putFlag(out, join.counts());
        putFlag(out, join.reserved());
        MemberTraits traits = join.traits();
        putFlag(out, traits.pulls());
        putFlag(out, traits.spends());
        putFlag(out, traits.trails());
        out.putVarLong(traits.partitions()).putInt(traits.priority());
        putFlag(out, traits.exclusive());
    }

    static Join readJoin(ByteReader in) {
        return new Join(in.readString(), readGroup(in), readFlag(in), readFlag(in), readTraits(in));
    }

    private static MemberTraits readTraits(ByteReader in) {
        return new MemberTraits(readFlag(in), readFlag(in), readFlag(in), readInt(in), in.readInt(), readFlag(in));
    }
}
