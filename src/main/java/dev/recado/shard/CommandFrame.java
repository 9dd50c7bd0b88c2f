package dev.recado.shard;

import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;
import org.jspecify.annotations.Nullable;

/**
 * A command or an answer with its address, as bytes: version, kind, address, fields; drawn in
 * {@code src/site/markdown/format/commands.md}. Who said it, and so who is answered, is known from the way that the
 * bytes have come.
 */
public sealed interface CommandFrame {

    int VERSION = 2;

    /** What is said of a member. */
    record OfMember(MemberId id, MemberCommand command) implements CommandFrame {
        @Override
        public void encode(ByteWriter out) {
            MemberKinds.putId(id, out.put(VERSION).put(MemberKinds.ALL.numberOf(command)));
            MemberKinds.ALL.write(command, out);
        }
    }

    /** What is asked of the owner of a partition, given by its number; {@code ticket} comes back with the answer. */
    record OfPartition(int partition, long ticket, PartitionCommand command) implements CommandFrame {
        @Override
        public void encode(ByteWriter out) {
            out.put(VERSION)
                    .put(PartitionKinds.ALL.numberOf(command))
                    .putInt(partition)
                    .putVarLong(ticket);
            PartitionKinds.ALL.write(command, out);
        }
    }

    /** Somebody wants to become a member on a partition. */
    record OfJoin(int partition, Join join) implements CommandFrame {
        private static final int KIND = 64;

        @Override
        public void encode(ByteWriter out) {
            PartitionKinds.putJoin(join, out.put(VERSION).put(KIND).putInt(partition));
        }
    }

    /** What the question with that ticket is answered. */
    record OfAnswer(long ticket, PartitionAnswer answer) implements CommandFrame {
        @Override
        public void encode(ByteWriter out) {
            out.put(VERSION).put(AnswerKinds.ALL.numberOf(answer)).putVarLong(ticket);
            AnswerKinds.ALL.write(answer, out);
        }
    }

    void encode(ByteWriter out);

    /** Reads what {@link #encode} wrote, to the end of {@code in}; null for anything else. */
    static @Nullable CommandFrame decode(ByteReader in) {
        boolean known = in.readByte() == VERSION;
        int kind = in.readByte();
        CommandFrame frame = known ? read(kind, in) : null;
        return in.consumed() ? frame : null;
    }

    private static @Nullable CommandFrame read(int kind, ByteReader in) {
        if (MemberKinds.ALL.has(kind)) {
            return new OfMember(MemberKinds.readId(in), MemberKinds.ALL.read(kind, in));
        }
        if (PartitionKinds.ALL.has(kind)) {
            return new OfPartition(in.readInt(), in.readVarLong(), PartitionKinds.ALL.read(kind, in));
        }
        if (AnswerKinds.ALL.has(kind)) {
            return new OfAnswer(in.readVarLong(), AnswerKinds.ALL.read(kind, in));
        }
        return kind == OfJoin.KIND ? new OfJoin(in.readInt(), PartitionKinds.readJoin(in)) : null;
    }
}
