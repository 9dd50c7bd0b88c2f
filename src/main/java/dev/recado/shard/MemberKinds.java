package dev.recado.shard;

import static dev.recado.shard.FrameFields.putFlag;
import static dev.recado.shard.FrameFields.readCount;
import static dev.recado.shard.FrameFields.readFlag;
import static dev.recado.shard.FrameFields.readInt;

import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;
import dev.recado.base.Check;
import dev.recado.shard.MemberCommand.AcknowledgeDurably;
import dev.recado.shard.MemberCommand.Cease;
import dev.recado.shard.MemberCommand.Credit;
import dev.recado.shard.MemberCommand.Extend;
import dev.recado.shard.MemberCommand.Grant;
import dev.recado.shard.MemberCommand.Hear;
import dev.recado.shard.MemberCommand.Leave;
import dev.recado.shard.MemberCommand.Lend;
import dev.recado.shard.MemberCommand.Pull;
import dev.recado.shard.MemberCommand.Reject;
import dev.recado.shard.MemberCommand.Release;
import dev.recado.shard.MemberCommand.Reserve;
import dev.recado.shard.MemberCommand.Return;
import dev.recado.shard.MemberCommand.Settle;
import dev.recado.shard.MemberCommand.Silence;

/** The bytes of a {@link MemberId} and of each {@link MemberCommand}; fields are read in the order of writing. */
final class MemberKinds {

    static final FrameKinds<MemberCommand> ALL = new FrameKinds<MemberCommand>()
            .add(1, Settle.class, MemberKinds::putSettle, MemberKinds::readSettle)
            .add(
                    2,
                    AcknowledgeDurably.class,
                    (one, out) -> out.putVarLong(one.partitionIndex()).putVarLong(one.offset()),
                    in -> new AcknowledgeDurably(readInt(in), readCount(in)))
            .add(
                    3,
                    Return.class,
                    (one, out) -> out.putVarLong(one.offset()).putVarLong(one.delayMs() + 1),
                    in -> new Return(readCount(in), readCount(in) - 1))
            .add(
                    4,
                    Reject.class,
                    (one, out) -> out.putVarLong(one.offset()).putString(one.reason()),
                    in -> new Reject(readCount(in), in.readString()))
            .add(
                    5,
                    Extend.class,
                    (one, out) ->
                            out.putVarLong(one.offset()).putVarLong(one.ms()).putVarLong(one.ticket()),
                    in -> new Extend(readCount(in), readCount(in), in.readVarLong()))
            .add(
                    6,
                    Credit.class,
                    (one, out) -> putFlag(out.putInt(one.messages()), one.lent()),
                    in -> new Credit(in.readInt(), readFlag(in)))
            .add(7, Lend.class, (one, out) -> out.putVarLong(one.borrower()), in -> new Lend(readInt(in)))
            .add(8, new Hear())
            .add(9, new Silence())
            .add(
                    10,
                    Reserve.class,
                    (one, out) -> out.putVarLong(one.asker()).putVarLong(one.question()),
                    in -> new Reserve(readInt(in), in.readVarLong()))
            .add(11, new Release())
            .add(12, Grant.class, (one, out) -> out.putVarLong(one.question()), in -> new Grant(in.readVarLong()))
            .add(13, Pull.class, (one, out) -> out.putVarLong(one.ticket()), in -> new Pull(in.readVarLong()))
            .add(14, Leave.class, MemberKinds::putLeave, in -> new Leave(readSettle(in), readFlag(in), readFlag(in)))
            .add(15, new Cease());

    private MemberKinds() {}

    /** Partitions of pattern subscriptions have numbers below 0. */
    static void putId(MemberId id, ByteWriter out) {
        out.putInt(id.partition()).putInt(id.group()).putVarLong(id.slot()).putVarLong(id.number());
    }

    static MemberId readId(ByteReader in) {
        return new MemberId(in.readInt(), in.readInt(), readInt(in), in.readVarLong());
    }

    private static void putSettle(Settle settle, ByteWriter out) {
        long[] ranges = settle.ranges();
        Check.that(ranges.length % 2 == 0, "not in pairs", ranges.length);
        out.putVarLong(ranges.length / 2);
        for (int i = 0; i < ranges.length; i += 2) {
            out.putVarLong(ranges[i]).putVarLong(ranges[i + 1] - ranges[i]);
        }
        out.putVarLong(settle.writtenBytes());
    }

    private static Settle readSettle(ByteReader in) {
        int count = in.readVarInt(in.remaining() / 2); // a range has two bytes at least
        long[] ranges = new long[2 * count];
        for (int i = 0; i < ranges.length; i += 2) {
            ranges[i] = readCount(in);
            ranges[i + 1] = ranges[i] + readCount(in);
            if (ranges[i + 1] < ranges[i]) {
                in.skip(-1);
            }
        }
        return new Settle(ranges, readCount(in));
    }

    private static void putLeave(Leave leave, ByteWriter out) {
        putSettle(leave.last(), out);
        putFlag(out, leave.vanished());
        putFlag(out, leave.durably());
    }
}
