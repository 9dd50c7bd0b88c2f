package dev.recado.shard;

import dev.recado.base.ErrorCode;
import dev.recado.base.Refusal;
import dev.recado.core.group.DeathCause;
import dev.recado.core.group.GivingUp;
import dev.recado.core.message.DeathHistory;
import dev.recado.core.message.Draft;
import dev.recado.core.message.Headers;
import dev.recado.core.message.MessageView;
import dev.recado.core.message.Origin;
import dev.recado.core.topic.DeadLetterName;
import dev.recado.core.topic.DeadLetterRoute;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicName;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes a group's dead letters to their topic, or through the exchange of its own topic, with the reason, the
 * origin and the counts as headers and the body as it was, and finishes the source only once that is committed: at
 * least once. How many are under way is bounded by the group, and their bytes by a share of the node. Owned by the
 * partition's loop.
 */
final class DeadLetterPublisher implements InnerTask, LettersUnderWay.Sender {

    private static final Logger LOG = LoggerFactory.getLogger(DeadLetterPublisher.class);

    /** A refusal is told where none came for so long, or where the last one had another cause. */
    private static final long TOLD_MS = 60_000;

    private final GroupOwner group;
    private final Finder finder;
    private final ArrayDeque<Letter> letters = new ArrayDeque<>();
    private final Draft draft = new Draft();
    private final MessageView view = new MessageView();
    private final LetterHeaders headers = new LetterHeaders();
    private final LetterCopies copies;
    private final FifoShare share;
    /** Bytes of each letter that is under way, by its offset. */
    private final Map<Long, Integer> underWay = new HashMap<>();

    private boolean creating;
    private boolean asking;
    private @Nullable ErrorCode refusedWith;
    private long refusedMs;
    /** What was asked for and is not used yet. */
    private long granted;

    /** What comes once no letter is left; null while the group may still be handed messages. */
    private @Nullable Runnable onEmpty;

    private boolean drained;

    private record Letter(long offset, int attempts, DeathCause cause, String reason) {}

    DeadLetterPublisher(GroupOwner group) {
        this.group = group;
        this.finder = new Finder(group.partition(), this::work);
        this.copies = new LetterCopies(group.partition().shard().letters(), this);
        this.share = group.partition().view().deadLetterShare();
    }

    void send(long offset, int attempts, String reason) {
        DeathCause cause = new GivingUp(group.group()).cause(offset);
        letters.add(new Letter(offset, attempts, cause, reason));
        if (letters.size() == 1) {
            group.partition().shard().enqueue(this);
        }
    }

    /**
     * Runs {@code task} once every letter has found its place; for a group that gets no members any more. What the
     * dead-letter topic refuses from now on is given up: nobody may wait for it without an end.
     */
    void drain(Runnable task) {
        onEmpty = task;
        lookWhetherEmpty();
    }

    private void lookWhetherEmpty() {
        if (onEmpty != null && !drained && group.group().deadLettering() == 0) {
            drained = true;
            group.partition().shard().enqueue(this);
        }
    }

    /** In its turn: what publishing a letter does to others comes behind what they were told before. */
    @Override
    public void goOn() {
        Runnable task = onEmpty;
        if (drained && task != null) {
            onEmpty = null;
            task.run();
        } else {
            work();
        }
    }

    private void work() {
        publishAll();
        lookWhetherEmpty();
    }

    private void publishAll() {
        while (!letters.isEmpty() && !asking) {
            Letter letter = letters.element();
            Finder.Outcome outcome = finder.seek(letter.offset());
            if (outcome == Finder.Outcome.LATER) {
                return;
            }
            if (outcome == Finder.Outcome.DAMAGED) {
                refuseAll();
                return;
            }
            DeadLetterRoute route = Deaths.route(group);
            String target = outcome == Finder.Outcome.FOUND && route == null ? targetName() : null;
            if (outcome == Finder.Outcome.FOUND && route != null) {
                if (mayPublish(finder.cursor().length())) {
                    publish(route, letters.remove());
                }
                continue;
            }
            if (target == null) {
                letters.remove();
                group.onDeadLettered(letter.offset());
                continue;
            }
            Topic topic = group.partition().view().catalog().topic(new TopicName(namespace(), target));
            if (topic == null) {
                create(target);
                return;
            }
            if (mayPublish(finder.cursor().length())) {
                letters.remove();
                publish(topic, letter);
            }
        }
        if (letters.isEmpty()) {
            finder.release();
        }
    }

    /** Whether there is room for a letter of {@code bytes} now; else the work goes on once there is. */
    private boolean mayPublish(int bytes) {
        if (granted >= bytes || share.tryTake(bytes)) {
            granted = Math.max(0, granted - bytes);
            return true;
        }
        asking = true;
        ShardLoop home = group.partition().shard().loop();
        share.take(
                bytes,
                () -> home.execute(() -> {
                    asking = false;
                    granted = bytes;
                    work();
                    giveBackGranted();
                }));
        return false;
    }

    private void giveBackGranted() {
        long left = granted;
        granted = 0;
        share.giveBack(left);
    }

    private void giveBack(long offset) {
        Integer bytes = underWay.remove(offset);
        if (bytes != null) {
            share.giveBack(bytes);
        }
    }

    /**
     * Of the message that was found. What a pattern subscription rejects goes where its topic's dead letters go; where
     * it is a dead letter itself, nowhere: the subscription had but a copy.
     */
    private @Nullable String targetName() {
        String topic = origin();
        return isPattern() && DeadLetterName.isOne(topic)
                ? null
                : DeadLetterName.of(group.def().settings(), topic);
    }

    /** The topic that the message found was published to. */
    private String origin() {
        String own = group.partition().topic().name().name();
        if (!isPattern()) {
            return own;
        }
        view.read(finder.cursor().run().bytes(), finder.cursor().position());
        String origin = Headers.find(view.bytes, view.headersStart, view.headersLength, Headers.TOPIC);
        view.forget();
        return origin == null ? own : origin;
    }

    private boolean isPattern() {
        return group.partition().partition().id() < 0;
    }

    private String namespace() {
        return group.partition().topic().name().namespace();
    }

    private void create(String target) {
        if (creating) {
            return;
        }
        creating = true;
        group.partition().shard().letters().createTopic(new TopicName(namespace(), target), this);
    }

    @Override
    public void onTopicMade(@Nullable Refusal refusal) {
        creating = false;
        if (refusal == null) {
            work();
        } else {
            tell(refusal);
            refuseAll();
        }
    }

    private void refuseAll() {
        finder.release();
        while (!letters.isEmpty()) {
            refused(letters.remove().offset());
        }
        lookWhetherEmpty();
    }

    private void refused(long offset) {
        if (onEmpty == null) {
            group.onDeadLetterRefused(offset);
        } else {
            group.partition().onDropped(1);
            group.finish(offset);
        }
    }

    private void publish(Topic topic, Letter letter) {
        LetterHeaders.Death death = death(letter);
        underWay.put(letter.offset(), read());
        if (isPattern()) {
            headers.putOfPattern(death, view, draft);
        } else {
            headers.put(death, view, draft);
        }
        group.partition().shard().letters().publish(topic, draft, this, letter.offset());
        forget();
    }

    private List<Topic> targets(DeathCause cause, DeathHistory history, TopicName exchange, String key) {
        PartitionContext from = group.partition();
        List<Topic> found = from.effects().route(from.shard().number(), exchange, key, draft);
        if (found == null || cause == DeathCause.REJECTED) {
            return found == null ? List.of() : found;
        }
        return found.stream()
                .filter(topic -> !history.isCircle(topic.name().name()))
                .toList();
    }

    private LetterHeaders.Death death(Letter letter) {
        return new LetterHeaders.Death(
                origin(),
                group.def().name(),
                group.partition().partition().index(),
                letter.offset(),
                letter.attempts(),
                letter.reason());
    }

    /** Reads the message that was found; answers its bytes. */
    private int read() {
        MessageCursor cursor = finder.cursor();
        view.read(cursor.run().bytes(), cursor.position());
        view.copyTo(draft);
        return cursor.length();
    }

    private void forget() {
        draft.clear();
        view.forget();
    }

    /** To all topics that the exchange leads to now, but not round in a circle; to none it is dropped. */
    private void publish(DeadLetterRoute route, Letter letter) {
        LetterHeaders.Death death = death(letter);
        underWay.put(letter.offset(), read());
        long timeMs = group.partition().view().time().wallMs();
        String key = route.key() == null ? Origin.of(view, death.origin()).key() : route.key();
        DeathHistory history = headers.put(death, letter.cause().word(), route, timeMs, view, draft);
        List<Topic> targets = targets(letter.cause(), history, new TopicName(namespace(), route.exchange()), key);
        if (targets.isEmpty()) {
            giveBack(letter.offset());
            group.partition().onDropped(1);
            group.onDeadLettered(letter.offset());
        } else {
            copies.publish(targets, draft, letter.offset());
        }
        forget();
    }

    @Override
    public void onStored(long offset) {
        giveBack(offset);
        group.partition().shard().loop().counters().deadLettered();
        group.onDeadLettered(offset);
        lookWhetherEmpty();
    }

    @Override
    public void onRefused(long offset, Refusal why) {
        tell(why);
        giveBack(offset);
        refused(offset);
        lookWhetherEmpty();
    }

    private void tell(Refusal refusal) {
        long nowMs = group.partition().view().time().monotonicMs();
        if (refusal.code() != refusedWith || nowMs - refusedMs >= TOLD_MS) {
            LOG.warn(
                    onEmpty == null
                            ? "dead letters are refused, they wait in their group and are tried again"
                                    + " topic={} group={} partition={} error={} {}"
                            : "dead letters are refused and given up, since their pattern subscription has ended"
                                    + " topic={} group={} partition={} error={} {}",
                    group.partition().topic().name(),
                    group.def().name(),
                    group.partition().partition().index(),
                    refusal.code(),
                    refusal.detail());
        }
        refusedWith = refusal.code();
        refusedMs = nowMs;
    }
}
