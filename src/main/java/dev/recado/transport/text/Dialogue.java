package dev.recado.transport.text;

import dev.recado.base.BrokerException;
import dev.recado.base.ErrorCode;
import dev.recado.base.Refusal;
import dev.recado.broker.Link;
import dev.recado.core.topic.Catalog;
import dev.recado.core.topic.TopicName;
import dev.recado.transport.LargeOutput;
import dev.recado.transport.Pauses;
import dev.recado.transport.SessionFrame;
import dev.recado.transport.TopicCache;
import dev.recado.transport.WrittenMarks;
import io.vertx.core.Future;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What all commands of a session share: its answers, its link, and the barrier of a control command. */
final class Dialogue {

    /** Bytes of answers that may wait for an earlier one before the commands behind them wait too. */
    static final int ANSWER_BYTES_MAX = 1024 * 1024;
    /** Bytes of answers that may wait before the commands of a client that does not read wait too. */
    static final int ANSWER_BYTES_UNREAD_MAX = 64 * 1024;
    /** Answers that may wait before the commands of a client that does not read wait too. */
    static final int ANSWERS_UNREAD_MAX = 1024;

    final TextEnvironment environment;
    final Link link;
    final PendingReplies replies = new PendingReplies();
    final LargeOutput large;
    final WrittenMarks marks;
    final ShortageNews shortage = new ShortageNews();
    final TransactionCommands transactions = new TransactionCommands(this);
    /** Those of the session's namespace. */
    TopicCache topics;

    private final SessionFrame frame;
    private boolean loggingIn;

    Dialogue(TextEnvironment environment, Link link, SessionFrame frame) {
        this.environment = environment;
        this.link = link;
        this.frame = frame;
        large = frame.large();
        marks = frame.marks();
        topics = environment.buffers().topics.of(link.catalog(), link.namespace());
    }

    Catalog catalog() {
        return link.catalog();
    }

    /** What has that name in the session's namespace. */
    TopicName name(String name) {
        return new TopicName(link.namespace(), name);
    }

    /** Works in another namespace from now on; answers why not, or null. */
    @Nullable
    Refusal enter(String namespace) {
        Refusal refusal = link.enter(namespace);
        if (refusal == null) {
            topics = environment.buffers().topics.of(catalog(), link.namespace());
        }
        return refusal;
    }

    boolean isAuthenticated() {
        return link.identity().isKnown();
    }

    /** Whether it is not known yet who the client is that gives an AUTH. */
    boolean isLoggingIn() {
        return loggingIn;
    }

    /** Whether the session goes on. */
    boolean isOpen() {
        return frame.isOpen();
    }

    /** As {@link SessionFrame#heard}. */
    <T> Future<T> heard(Future<T> answer) {
        return frame.heard(answer);
    }

    void loggingIn(boolean now) {
        loggingIn = now;
    }

    /** Why the client may not publish to a topic, there or not; null where it may. */
    @Nullable
    Refusal mayPublish(String topic) {
        return environment.broker().mayPublish(link.identity(), name(topic));
    }

    /** As {@link #mayPublish} for who consumes. */
    @Nullable
    Refusal mayConsume(String topic) {
        return environment.broker().mayConsume(link.identity(), name(topic));
    }

    /** Whether lists show the client a topic or exchange of that name: only the session's namespace is seen. */
    boolean isVisible(TopicName name) {
        return name.namespace().equals(link.namespace()) && environment.broker().isVisible(link.identity(), name);
    }

    /** Whether another command may be performed, whose answer has to wait; {@code unread}: the client reads nothing. */
    boolean mayOweMore(boolean unread) {
        return replies.textBytes() < (unread ? ANSWER_BYTES_UNREAD_MAX : ANSWER_BYTES_MAX)
                && replies.size() < (unread ? ANSWERS_UNREAD_MAX : PendingReplies.ANSWERS_MAX);
    }

    /** Where subscriptions write what they are given. */
    TextSubscription.Target target() {
        return new TextSubscription.Target(environment.buffers(), large, marks);
    }

    void answer(String line) {
        replies.add(line);
    }

    void answer(LargeAnswer answer) {
        settle(replies.open(), answer);
    }

    /** Settles a place with an answer in slices. */
    void settle(long slot, LargeAnswer answer) {
        large.hold(answer.heldBytes());
        Reply reply = (out, output) -> output.begin(answer.slices(), answer.heldBytes(), answer.onEnd());
        replies.settle(slot, reply, (int) Math.min(answer.heldBytes(), Integer.MAX_VALUE));
    }

    void refuse(Refusal refusal) {
        replies.add(ErrorWords.line(refusal));
    }

    void refuse(ErrorCode code, String detail) {
        replies.add(ErrorWords.line(code, detail));
    }

    /** Answers a control command when {@code future} completes; nothing more is parsed until then. */
    <T> void await(Future<T> future, Function<T, String> words) {
        await(future, (slot, found) -> replies.settle(slot, words.apply(found)));
    }

    /** As {@link #await} with an answer in slices. */
    <T> void awaitLarge(Future<T> future, Function<T, LargeAnswer> answer) {
        await(future, (slot, found) -> settle(slot, answer.apply(found)));
    }

    private <T> void await(Future<T> future, Settling<T> settling) {
        long slot = replies.open();
        frame.pause(Pauses.Reason.ANSWER);
        future.onComplete(result -> {
            frame.lift(Pauses.Reason.ANSWER);
            if (replies.isWaiting(slot)) {
                if (result.succeeded()) {
                    settling.settle(slot, result.result());
                } else {
                    replies.settle(slot, ErrorWords.line(result.cause()));
                }
            }
            frame.proceed();
        });
    }

    /** Gives an answer its place. */
    @FunctionalInterface
    private interface Settling<T> {
        void settle(long slot, T found);
    }

    /** As {@link #await} for something that is no answer itself; {@code done} is told the refusal, or null. */
    <T> void awaitSilently(Future<T> future, Consumer<@Nullable Refusal> done) {
        frame.pause(Pauses.Reason.ANSWER);
        future.onComplete(result -> {
            frame.lift(Pauses.Reason.ANSWER);
            done.accept(result.succeeded() ? null : BrokerException.refusal(result.cause()));
            frame.proceed();
        });
    }

    /** Answers when {@code future} completes; parsing goes on meanwhile. */
    <T> void answerLater(Future<T> future, Function<T, String> words) {
        long slot = replies.open();
        future.onComplete(result -> {
            if (replies.isWaiting(slot)) {
                replies.settle(
                        slot, result.succeeded() ? words.apply(result.result()) : ErrorWords.line(result.cause()));
            }
            link.markDirty();
        });
    }
}
