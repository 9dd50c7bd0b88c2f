package dev.recado.shard;

import dev.recado.base.Refusal;
import dev.recado.core.group.DeathCause;
import dev.recado.core.message.DeathHistory;
import dev.recado.core.message.Draft;
import dev.recado.core.message.MessageLayout;
import dev.recado.core.message.MessageView;
import dev.recado.core.message.Origin;
import dev.recado.core.topic.DeadLetterRoute;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Publishes what a full topic refuses through its exchange for dead letters. Its publisher has the message and knows of
 * the refusal, so nobody waits for what becomes of it here: what finds no room is dropped and counted. Called on the
 * partition's loop.
 */
final class RefusedLetters {

    private final PartitionContext owner;
    private final FifoShare share;

    RefusedLetters(PartitionContext owner) {
        this.owner = owner;
        this.share = owner.view().deadLetterShare();
    }

    /** All messages of {@code run}. */
    void publish(PendingRun run) {
        DeadLetterRoute route = owner.topic().settings().deadLetters();
        if (route == null) {
            return;
        }
        LetterHeaders headers = new LetterHeaders();
        MessageView view = new MessageView();
        Draft draft = new Draft();
        int at = run.messagesAt();
        for (int i = 0; i < run.count(); i++) {
            view.read(run.array(), at);
            view.copyTo(draft);
            publish(route, headers, view, draft);
            at += MessageLayout.length(run.array(), at);
        }
    }

    private void publish(DeadLetterRoute route, LetterHeaders headers, MessageView view, Draft draft) {
        TopicName name = owner.topic().name();
        String cause = DeathCause.MAXLEN.word();
        LetterHeaders.Death death =
                new LetterHeaders.Death(name.name(), "", owner.partition().index(), -1, 0, cause);
        String key = route.key() == null ? Origin.of(view, name.name()).key() : route.key();
        long timeMs = owner.view().time().wallMs();
        DeathHistory history = headers.put(death, cause, route, timeMs, view, draft);
        TopicName exchange = new TopicName(name.namespace(), route.exchange());
        List<Topic> found = owner.effects().route(owner.shard().number(), exchange, key, draft);
        List<Topic> targets = found == null
                ? List.of()
                : found.stream()
                        .filter(topic -> !history.isCircle(topic.name().name()))
                        .toList();
        int bytes = (int) draft.bytes();
        for (Topic target : targets) {
            if (share.tryTake(bytes)) {
                owner.shard().letters().publish(target, draft, new Sender(bytes), 0);
            } else {
                owner.onDropped(1);
            }
        }
        if (targets.isEmpty()) {
            owner.onDropped(1);
        }
    }

    private final class Sender implements LettersUnderWay.Sender {
        private final int bytes;

        Sender(int bytes) {
            this.bytes = bytes;
        }

        @Override
        public void onStored(long offset) {
            share.giveBack(bytes);
            owner.shard().loop().counters().deadLettered();
        }

        @Override
        public void onRefused(long offset, Refusal why) {
            share.giveBack(bytes);
            owner.onDropped(1);
        }

        @Override
        public void onTopicMade(@Nullable Refusal refusal) {
            // It asks for none.
        }
    }
}
