package dev.recado.core.group;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.core.group.GroupModel.Message;
import dev.recado.core.group.GroupModel.State;
import java.util.List;
import java.util.Random;

/** One random settling, mostly of what the member holds: by a group and by its model alike. */
final class RandomSettling {

    private final Random random;
    private final PartitionGroup group;
    private final GroupModel model;
    private final long nowMs;
    private final GroupEffects effects;

    RandomSettling(Random random, PartitionGroup group, GroupModel model, long nowMs, GroupEffects effects) {
        this.random = random;
        this.group = group;
        this.model = model;
        this.nowMs = nowMs;
        this.effects = effects;
    }

    /** Of {@code anybody}, or of the holder of what is chosen. */
    void settle(int anybody) {
        int size = model.messages.size();
        int member = anybody;
        long offset = random.nextInt(size + 2);
        if (random.nextInt(3) > 0) {
            List<Message> leased = model.messages.stream()
                    .filter(message -> message.state == State.LEASED)
                    .toList();
            if (!leased.isEmpty()) {
                Message chosen = leased.get(random.nextInt(leased.size()));
                offset = chosen.offset;
                member = chosen.member;
            }
        }
        Message message = offset < size ? model.messages.get((int) offset) : new Message(offset);
        boolean holds = message.state == State.LEASED && message.member == member;
        long ignored = group.totals().ignoredAcks();
        int choice = random.nextInt(10);
        if (choice != 3) {
            model.hear(member);
        }
        boolean heard = settleOne(choice, member, message, holds);
        assertThat(group.totals().ignoredAcks() - ignored).isEqualTo(heard ? 0 : 1);
    }

    private boolean settleOne(int choice, int member, Message message, boolean holds) {
        long offset = message.offset;
        switch (choice) {
            case 0, 1 -> {
                long delay = random.nextInt(60) - 20L;
                boolean counts = group.settings().nackCounts();
                if (holds) {
                    model.comeBack(message, delay < 0 ? model.backOff(message) : delay, counts, nowMs);
                }
                assertThat(group.nack(member, offset, Math.max(-1, delay), nowMs, effects))
                        .isEqualTo(holds);
            }
            case 2 -> {
                if (holds) {
                    model.die(message);
                }
                assertThat(group.reject(member, offset, "bad", nowMs, effects)).isEqualTo(holds);
            }
            case 3 -> {
                assertThat(group.release(member, offset, nowMs)).isEqualTo(holds);
                if (holds) {
                    model.release(message);
                }
            }
            case 4 -> {
                int ms = random.nextInt(200);
                assertThat(group.extend(member, offset, ms, nowMs)).isEqualTo(holds);
                if (holds && message.deadline != Long.MAX_VALUE) {
                    message.deadline = nowMs + ms;
                }
            }
            case 5, 6 -> {
                return ackRange(member, offset, offset + random.nextInt(1 << random.nextInt(8)));
            }
            default -> {
                assertThat(group.ack(member, offset, offset)).isEqualTo(holds ? 1 : 0);
                message.state = holds ? State.DONE : message.state;
            }
        }
        return holds;
    }

    private boolean ackRange(int member, long around, long last) {
        long first = random.nextBoolean() ? 0 : around;
        int held = 0;
        for (Message message : model.messages) {
            if (message.state == State.LEASED
                    && message.member == member
                    && message.offset >= first
                    && message.offset <= last) {
                message.state = State.DONE;
                held++;
            }
        }
        assertThat(group.ack(member, first, last)).isEqualTo(held);
        return held > 0;
    }
}
