package dev.recado.shard;

import dev.recado.base.Refusal;
import dev.recado.core.message.Draft;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicName;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The dead letters of a shard's groups that are on their way to other topics, and the topics that they wait for, by
 * ticket. How many there are at once is bounded by the groups and by the share of their bytes. Owned by the shard's
 * loop.
 */
final class LettersUnderWay {

    private final ShardEffects effects;
    private final int shard;
    private final Map<Long, Letter> letters = new HashMap<>(0);
    private final Map<Long, Sender> topics = new HashMap<>(0);
    private long lastLetter;
    private long lastTopic;

    /** Who sends letters and hears of their fate. */
    interface Sender {

        /** The letter of the message at {@code offset} is stored as its topic promises. */
        void onStored(long offset);

        /** Or is not. */
        void onRefused(long offset, Refusal why);

        /** There is the topic that it asked for; or why there is none. */
        void onTopicMade(@Nullable Refusal refusal);
    }

    private record Letter(Sender from, long offset) {}

    LettersUnderWay(ShardEffects effects, int shard) {
        this.effects = effects;
        this.shard = shard;
    }

    /** Publishes the letter that was the message at {@code offset}; {@code from} hears of its fate. */
    void publish(Topic topic, Draft draft, Sender from, long offset) {
        lastLetter++;
        letters.put(lastLetter, new Letter(from, offset));
        effects.publish(shard, lastLetter, topic, draft);
    }

    /** Has a topic made; {@code from} hears of it. */
    void createTopic(TopicName name, Sender from) {
        lastTopic++;
        topics.put(lastTopic, from);
        effects.createDeadLetterTopic(shard, lastTopic, name);
    }

    void onTopicMade(long ticket, @Nullable Refusal refusal) {
        Objects.requireNonNull(topics.remove(ticket), "a topic that nobody waits for")
                .onTopicMade(refusal);
    }

    void onStored(long firstTicket, int count) {
        for (long ticket = firstTicket; ticket < firstTicket + count; ticket++) {
            Letter letter = take(ticket);
            letter.from().onStored(letter.offset());
        }
    }

    void onRefused(long firstTicket, int count, Refusal why) {
        for (long ticket = firstTicket; ticket < firstTicket + count; ticket++) {
            Letter letter = take(ticket);
            letter.from().onRefused(letter.offset(), why);
        }
    }

    private Letter take(long ticket) {
        return Objects.requireNonNull(letters.remove(ticket), "a letter that nobody waits for");
    }
}
