package dev.recado.shard;

import dev.recado.base.ByteWriter;
import dev.recado.base.ErrorCode;
import dev.recado.base.Refusal;
import dev.recado.core.group.GroupSettings;
import dev.recado.core.group.Strategy;
import dev.recado.core.message.Browsed;
import dev.recado.core.message.Draft;
import dev.recado.core.message.MessageLayout;
import dev.recado.core.message.StoredRun;
import dev.recado.core.topic.GroupDef;
import dev.recado.core.topic.GroupKind;
import dev.recado.core.topic.MemberFigures;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.TopicFigures;
import dev.recado.core.topic.TopicFigures.GroupFigures;
import dev.recado.core.topic.TopicFigures.PartitionFigures;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** One of each kind of {@link CommandFrame}, every field with a value of its own. */
final class CommandSamples {

    private static final MemberId ID = new MemberId(9, 7, 3, 300);
    private static final int PARTITION = 9;
    private static final long TICKET = 200;
    private static final GroupSettings SETTINGS = GroupSettings.DEFAULT
            .with(GroupSettings.STRATEGY, Strategy.KEY_ORDERED)
            .with(GroupSettings.MAX_MEMBERS, 5)
            .with(GroupSettings.DEAD_LETTER, "dead");
    private static final GroupDef GROUP =
            new GroupDef(7, 4, "g", GroupKind.AUTOMATIC, SETTINGS, new StartPosition.AtOffset(300), 1_000);
    private static final long TIME_MS = 1_700_000_000_000L;

    private CommandSamples() {}

    static List<CommandFrame> all() {
        List<CommandFrame> all = new ArrayList<>();
        members().forEach(command -> all.add(new CommandFrame.OfMember(ID, command)));
        partitions().forEach(command -> all.add(new CommandFrame.OfPartition(PARTITION, TICKET, command)));
        all.add(new CommandFrame.OfJoin(
                PARTITION, new Join("orders", GROUP, true, false, new MemberTraits(false, true, false, 12, -5, true))));
        answers().forEach(answer -> all.add(new CommandFrame.OfAnswer(TICKET, answer)));
        return all;
    }

    private static List<MemberCommand> members() {
        return List.of(
                new MemberCommand.Settle(new long[] {40, 42, 1_000, 1_000}, 500),
                new MemberCommand.AcknowledgeDurably(2, 300),
                new MemberCommand.Return(300, -1),
                new MemberCommand.Reject(300, "señal"),
                new MemberCommand.Extend(300, 60_000, 17),
                new MemberCommand.Credit(100, true),
                new MemberCommand.Lend(5),
                new MemberCommand.Hear(),
                new MemberCommand.Silence(),
                new MemberCommand.Reserve(5, 1_000),
                new MemberCommand.Release(),
                new MemberCommand.Grant(1_000),
                new MemberCommand.Pull(17),
                new MemberCommand.Leave(new MemberCommand.Settle(new long[] {40, 40}, 0), false, true),
                new MemberCommand.Cease());
    }

    private static List<PartitionCommand> partitions() {
        return List.of(
                new PartitionCommand.Describe(),
                new PartitionCommand.Purge(),
                new PartitionCommand.PurgeUnheld(),
                new PartitionCommand.AwaitLetters(300),
                new PartitionCommand.Reset(GROUP, new StartPosition.AtTime(TIME_MS)),
                new PartitionCommand.Browse(new StartPosition.Last(), 100, 1_000),
                new PartitionCommand.PickAutomatic(),
                new PartitionCommand.Unreserve("group-1"),
                new PartitionCommand.AddTap(1),
                new PartitionCommand.RemoveTap(2),
                new PartitionCommand.HoldUp(-1),
                new PartitionCommand.Retain(300, true),
                new PartitionCommand.MarkDamaged(),
                new PartitionCommand.Members(7, 1_000),
                new PartitionCommand.Shut(true, false),
                new PartitionCommand.Reopen(),
                new PartitionCommand.Used());
    }

    private static List<PartitionAnswer> answers() {
        GroupFigures group = new GroupFigures(
                GROUP,
                2,
                1,
                new TopicFigures.Unfinished(10, 11, 12, 13, 14),
                new TopicFigures.Totals(15, 16, 17, 18),
                new TopicFigures.Held(19, 1),
                -1);
        PartitionSums sums = new PartitionSums(
                new PartitionFigures(2, 3, 100, 300, 1.5),
                new PartitionSums.Stored(4_000, 1_500),
                200,
                1_700_000_000_000L,
                5,
                6,
                List.of(group));
        return List.of(
                new PartitionAnswer.Gone(),
                new PartitionAnswer.Done(),
                new PartitionAnswer.Value(-1),
                new PartitionAnswer.Figures(sums),
                new PartitionAnswer.Found(List.of(new Browsed(2, 300, run("hola"), 0))),
                new PartitionAnswer.Damaged(),
                new PartitionAnswer.Refused(
                        Refusal.of(ErrorCode.TOPIC_FULL, "topic=jobs").butStoredIn(1, 2)),
                new PartitionAnswer.Present(List.of(new MemberFigures(
                        2,
                        300,
                        "c-1",
                        new MemberFigures.Wish(true, -5, false),
                        new MemberFigures.Load(100, 3, 4_000),
                        new MemberFigures.State(false, true, false)))));
    }

    /** A run of one message, as an answer holds it. */
    static StoredRun run(String payload) {
        return run(List.of(payload), 0);
    }

    /** A run of such messages behind {@code before} bytes of something else. */
    static StoredRun run(List<String> payloads, int before) {
        ByteWriter out = new ByteWriter(64);
        out.skip(before);
        for (String payload : payloads) {
            byte[] utf8 = payload.getBytes(StandardCharsets.UTF_8);
            MessageLayout.write(out, new Draft().payload(utf8, 0, utf8.length));
        }
        return new StoredRun(
                out.toByteArray(),
                before,
                before,
                out.size() - before,
                PARTITION,
                300,
                payloads.size(),
                TIME_MS,
                TIME_MS - 1,
                4_711,
                null,
                0,
                1);
    }
}
