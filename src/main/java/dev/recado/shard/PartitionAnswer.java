package dev.recado.shard;

import dev.recado.base.Refusal;
import dev.recado.core.message.Browsed;
import dev.recado.core.topic.MemberFigures;
import java.util.List;

/** What a shard answers under a ticket, mostly to a {@link PartitionCommand}: plain data. */
public sealed interface PartitionAnswer {

    /** The partition's topic is gone. */
    record Gone() implements PartitionAnswer {}

    record Refused(Refusal why) implements PartitionAnswer {}

    record Done() implements PartitionAnswer {}

    /** An offset, a count or a number: what was asked for. */
    record Value(long value) implements PartitionAnswer {}

    record Figures(PartitionSums sums) implements PartitionAnswer {}

    /** Nobody where the group is not open there. */
    record Present(List<MemberFigures> members) implements PartitionAnswer {}

    record Found(List<Browsed> messages) implements PartitionAnswer {}

    /** What is stored cannot be read. */
    record Damaged() implements PartitionAnswer {}
}
