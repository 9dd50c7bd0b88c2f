package dev.recado.shard;

import dev.recado.base.Refusal;
import dev.recado.core.group.PartitionGroup;
import dev.recado.core.message.Draft;
import dev.recado.core.topic.Topic;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Letters that go to several topics. Each is stored once all of these have it; it is refused where one of them refuses
 * it, and when it is published again those that have it do not get it a second time. Owned by the partition's loop.
 */
final class LetterCopies {

    private final LettersUnderWay letters;
    private final LettersUnderWay.Sender sender;
    /** Topics that have what another one has refused, by its offset. */
    private final Map<Long, Set<Integer>> stored = new HashMap<>(0);

    LetterCopies(LettersUnderWay letters, LettersUnderWay.Sender sender) {
        this.letters = letters;
        this.sender = sender;
    }

    /** Publishes to {@code targets}, of which there is one at least; the sender hears of it once. */
    void publish(List<Topic> targets, Draft draft, long offset) {
        if (targets.size() == 1 && stored.isEmpty()) {
            letters.publish(targets.get(0), draft, sender, offset);
            return;
        }
        Letter letter = new Letter(offset);
        List<Topic> left = targets.stream()
                .filter(topic -> !letter.have.contains(topic.id()))
                .toList();
        letter.awaited = left.size();
        if (left.isEmpty()) {
            letter.end();
        }
        left.forEach(topic -> letters.publish(topic, draft, letter.copy(topic.id()), offset));
    }

    private final class Letter {
        private final long offset;
        private final Set<Integer> have;
        private int awaited;
        private @Nullable Refusal refusal;

        Letter(long offset) {
            this.offset = offset;
            Set<Integer> before = stored.remove(offset);
            have = before == null ? new HashSet<>() : before;
        }

        LettersUnderWay.Sender copy(int topic) {
            return new LettersUnderWay.Sender() {
                @Override
                public void onStored(long itsOffset) {
                    have.add(topic);
                    onAnswer();
                }

                @Override
                public void onRefused(long itsOffset, Refusal why) {
                    refusal = why;
                    onAnswer();
                }

                @Override
                public void onTopicMade(@Nullable Refusal why) {
                    sender.onTopicMade(why);
                }
            };
        }

        private void onAnswer() {
            if (--awaited == 0) {
                end();
            }
        }

        private void end() {
            Refusal why = refusal;
            if (why == null) {
                sender.onStored(offset);
                return;
            }
            if (stored.size() >= PartitionGroup.DYING_MAX) {
                stored.clear(); // of letters that a reset has forgotten
            }
            stored.put(offset, have);
            sender.onRefused(offset, why);
        }
    }
}
