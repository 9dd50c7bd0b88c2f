package dev.recado.shard;

import static dev.recado.shard.FrameFields.putFlag;
import static dev.recado.shard.FrameFields.putGroup;
import static dev.recado.shard.FrameFields.readCount;
import static dev.recado.shard.FrameFields.readFlag;
import static dev.recado.shard.FrameFields.readGroup;
import static dev.recado.shard.FrameFields.readInt;

import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;
import dev.recado.base.ErrorCode;
import dev.recado.base.Refusal;
import dev.recado.core.message.Browsed;
import dev.recado.core.message.MessageLayout;
import dev.recado.core.message.MessageView;
import dev.recado.core.message.StoredRun;
import dev.recado.core.topic.MemberFigures;
import dev.recado.core.topic.TopicFigures;
import dev.recado.core.topic.TopicFigures.GroupFigures;
import dev.recado.core.topic.TopicFigures.PartitionFigures;
import dev.recado.shard.PartitionAnswer.Damaged;
import dev.recado.shard.PartitionAnswer.Done;
import dev.recado.shard.PartitionAnswer.Figures;
import dev.recado.shard.PartitionAnswer.Found;
import dev.recado.shard.PartitionAnswer.Gone;
import dev.recado.shard.PartitionAnswer.Present;
import dev.recado.shard.PartitionAnswer.Refused;
import dev.recado.shard.PartitionAnswer.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The bytes of each {@link PartitionAnswer}; fields are read in the order of writing. */
final class AnswerKinds {

    static final FrameKinds<PartitionAnswer> ALL = new FrameKinds<PartitionAnswer>()
            .add(96, new Gone())
            .add(97, new Done())
            .add(98, Value.class, (one, out) -> out.putLong(one.value()), in -> new Value(in.readLong()))
            .add(99, Figures.class, (one, out) -> putSums(one.sums(), out), in -> new Figures(readSums(in)))
            .add(100, Found.class, (one, out) -> putFound(one.messages(), out), in -> new Found(readFound(in)))
            .add(101, new Damaged())
            .add(102, Refused.class, (one, out) -> putRefusal(one.why(), out), in -> new Refused(readRefusal(in)))
            .add(110, Present.class, (one, out) -> putMembers(one.members(), out), in -> new Present(readMembers(in)));

    private AnswerKinds() {}

    private static void putRefusal(Refusal why, ByteWriter out) {
        putFlag(out.putVarLong(why.code().number()).putString(why.detail()), why.fatal());
        out.putString(why.partly());
    }

    private static Refusal readRefusal(ByteReader in) {
        int number = readInt(in);
        ErrorCode code = Arrays.stream(ErrorCode.values())
                .filter(one -> one.number() == number)
                .findAny()
                .orElse(null);
        if (code == null) {
            in.skip(-1);
        }
        return new Refusal(code == null ? ErrorCode.MALFORMED : code, in.readString(), readFlag(in), in.readString());
    }

    private static void putSums(PartitionSums sums, ByteWriter out) {
        PartitionFigures partition = sums.partition();
        out.putVarLong(partition.index())
                .putVarLong(partition.shard())
                .putVarLong(partition.logStart())
                .putVarLong(partition.end())
                .putLong(Double.doubleToLongBits(partition.ratePerSecond()))
                .putVarLong(sums.stored().bytes())
                .putVarLong(sums.stored().spilled())
                .putVarLong(sums.backlog())
                .putVarLong(sums.oldestMs() + 1)
                .putVarLong(sums.dropped())
                .putVarLong(sums.expired())
                .putVarLong(sums.groups().size());
        for (GroupFigures group : sums.groups()) {
            putFigures(group, out);
        }
    }

    private static PartitionSums readSums(ByteReader in) {
        PartitionFigures partition = new PartitionFigures(
                readInt(in), readInt(in), readCount(in), readCount(in), Double.longBitsToDouble(in.readLong()));
        return new PartitionSums(
                partition,
                new PartitionSums.Stored(in.readVarLong(), in.readVarLong()),
                in.readVarLong(),
                in.readVarLong() - 1,
                in.readVarLong(),
                in.readVarLong(),
                readGroups(in));
    }

    private static List<GroupFigures> readGroups(ByteReader in) {
        int count = in.readVarInt(in.remaining());
        List<GroupFigures> groups = new ArrayList<>();
        for (int i = 0; i < count && !in.failed(); i++) {
            groups.add(readFigures(in));
        }
        return List.copyOf(groups);
    }

    private static void putFigures(GroupFigures group, ByteWriter out) {
        putGroup(out, group.group());
        out.putVarLong(group.members())
                .putVarLong(group.silent())
                .putVarLong(group.unfinished().floor() + 1)
                .putVarLong(group.unfinished().backlog())
                .putVarLong(group.unfinished().ready())
                .putVarLong(group.unfinished().leased())
                .putVarLong(group.unfinished().waiting())
                .putVarLong(group.totals().delivered())
                .putVarLong(group.totals().acked())
                .putVarLong(group.totals().redelivered())
                .putVarLong(group.totals().deadLettered())
                .putVarLong(group.held().bytes())
                .putVarLong(group.held().back())
                .putVarLong(group.oldestMs() + 1);
    }

    private static GroupFigures readFigures(ByteReader in) {
        return new GroupFigures(
                readGroup(in),
                readInt(in),
                readInt(in),
                new TopicFigures.Unfinished(
                        in.readVarLong() - 1, in.readVarLong(), in.readVarLong(), in.readVarLong(), in.readVarLong()),
                new TopicFigures.Totals(in.readVarLong(), in.readVarLong(), in.readVarLong(), in.readVarLong()),
                new TopicFigures.Held(in.readVarLong(), readInt(in)),
                in.readVarLong() - 1);
    }

    private static void putMembers(List<MemberFigures> members, ByteWriter out) {
        out.putVarLong(members.size());
        for (MemberFigures member : members) {
            out.putVarLong(member.partition()).putVarLong(member.session()).putString(member.consumer());
            putFlag(out, member.wish().pulls());
            putFlag(out.putInt(member.wish().priority()), member.wish().exclusive());
            out.putVarLong(member.load().credit())
                    .putVarLong(member.load().leased())
                    .putVarLong(member.load().handedBytes());
            putFlag(out, member.state().paused());
            putFlag(out, member.state().silent());
            putFlag(out, member.state().ceased());
        }
    }

    private static List<MemberFigures> readMembers(ByteReader in) {
        int count = in.readVarInt(in.remaining());
        List<MemberFigures> members = new ArrayList<>();
        for (int i = 0; i < count && !in.failed(); i++) {
            members.add(new MemberFigures(
                    readInt(in),
                    readCount(in),
                    in.readString(),
                    new MemberFigures.Wish(readFlag(in), in.readInt(), readFlag(in)),
                    new MemberFigures.Load(readInt(in), readInt(in), readCount(in)),
                    new MemberFigures.State(readFlag(in), readFlag(in), readFlag(in))));
        }
        return List.copyOf(members);
    }

    private static void putFound(List<Browsed> messages, ByteWriter out) {
        out.putVarLong(messages.size());
        for (Browsed message : messages) {
            StoredRun run = message.run();
            out.putVarLong(message.partitionIndex())
                    .putVarLong(message.offset())
                    .putInt(run.partition())
                    .putLong(run.publishTimeMs())
                    .putLong(run.logTimeMs())
                    .putLong(run.lamport())
                    .putBlock(run.bytes(), message.position(), MessageLayout.length(run.bytes(), message.position()));
        }
    }

    private static List<Browsed> readFound(ByteReader in) {
        int count = in.readVarInt(in.remaining());
        List<Browsed> messages = new ArrayList<>();
        MessageView view = new MessageView();
        for (int i = 0; i < count && !in.failed(); i++) {
            Browsed message = readMessage(in);
            if (!isSound(message.run().bytes(), view)) {
                in.skip(-1);
            }
            messages.add(message);
        }
        return List.copyOf(messages);
    }

    /** In a run of its own, without its producer's number: as whoever browses has to know it. */
    private static Browsed readMessage(ByteReader in) {
        int partitionIndex = readInt(in);
        long offset = readCount(in);
        int partition = in.readInt();
        long publishTimeMs = in.readLong();
        long logTimeMs = in.readLong();
        long lamport = in.readLong();
        byte[] bytes = in.readBlock();
        StoredRun run = new StoredRun(
                bytes, 0, 0, bytes.length, partition, offset, 1, publishTimeMs, logTimeMs, lamport, null, 0, 1);
        return new Browsed(partitionIndex, offset, run, 0);
    }

    private static boolean isSound(byte[] bytes, MessageView view) {
        return bytes.length >= MessageLayout.OVERHEAD_BYTES
                && MessageLayout.length(bytes, 0) == bytes.length
                && view.read(bytes, 0);
    }
}
