package dev.recado.transport.text;

import dev.recado.base.ErrorCode;
import dev.recado.base.Refusal;
import dev.recado.broker.Link;
import dev.recado.broker.Patience;
import dev.recado.broker.SessionInfo;
import dev.recado.broker.SessionPort;
import dev.recado.broker.Subscription;
import dev.recado.broker.TapBatch;
import dev.recado.core.message.DeliveryBatch;
import dev.recado.core.message.MessageView;
import dev.recado.security.Identity;
import dev.recado.transport.Wire;
import dev.recado.transport.WireSession;
import dev.recado.transport.WrittenMarks;
import org.jspecify.annotations.Nullable;

/**
 * One connection of the text protocol, without I/O: bytes and broker events in, bytes out to a {@link Wire}.
 *
 * <p>Input is parsed while nothing speaks against it: a control command under way, too many answers owed, too much
 * unconfirmed, no memory for a large message, the session's end. Then what came is kept and the socket is not read.
 * Output is written once a turn of the loop, answers before pushes, and waits while the socket is full. Owned by its
 * event loop.
 */
final class TextSession implements SessionPort, WireSession, CommandDispatch.Ending {

    /** Bytes of answers that may wait for an earlier one before the commands behind them wait too. */
    static final int ANSWER_BYTES_MAX = 1024 * 1024;
    /** Bytes of answers that may wait before the commands of a client that does not read wait too. */
    static final int ANSWER_BYTES_UNREAD_MAX = 64 * 1024;
    /** Answers that may wait before the commands of a client that does not read wait too. */
    static final int ANSWERS_UNREAD_MAX = 1024;
    /** The largest message before the login, where one is needed. */
    private static final int MESSAGE_BYTES_BEFORE_LOGIN = 32 * 1024;
    /** How long a session that ends by its client's wish may take. */
    static final long LEAVING_MS_MAX = 60_000;

    private final TextEnvironment environment;
    private final Wire wire;
    private final Link link;
    private final TextCodec codec;
    private final Dialogue dialogue;
    private final PublishCommands publishing;
    private final ConsumeCommands consuming;
    private final ClassicCommands classic;
    private final AdminCommands administration;
    private final CommandDispatch commands;
    private final Outflow outflow;
    private final PeerWatch watch;

    private boolean parsing;
    private boolean reading = true;
    private boolean noMemory;
    private boolean tooMuchUnconfirmed;
    private boolean inputEnded;
    private boolean ending;
    /** The last answer owed is the reason of the end. */
    private boolean hasFarewell;

    private boolean closing;
    private boolean closed;
    /** The next command makes an answer that may be large: it waits until the output before it is taken. */
    private boolean answerWaits;

    private long closeByMs = Long.MAX_VALUE;

    TextSession(TextEnvironment environment, Wire wire) {
        this.environment = environment;
        this.wire = wire;
        Identity anonymous = environment.authenticator().anonymous();
        String user = anonymous == null ? "" : anonymous.user();
        link = environment.broker().open(this, Patience.REFUSE, new SessionInfo("text", wire.peer(), "", user));
        dialogue = new Dialogue(environment, link, anonymous, this::proceed);
        codec = new TextCodec(
                environment.settings().lineBytesMax(),
                dialogue.isAuthenticated()
                        ? environment.settings().messageBytesMax()
                        : Math.min(environment.settings().messageBytesMax(), MESSAGE_BYTES_BEFORE_LOGIN),
                environment.assembly(),
                this::onRoom);
        TopicLookup topics = new TopicLookup(dialogue);
        publishing = new PublishCommands(dialogue, topics, codec::lend);
        WrittenMarks marks = new WrittenMarks();
        classic = new ClassicCommands(dialogue, topics, marks);
        outflow = new Outflow(wire, dialogue, classic, marks);
        consuming = new ConsumeCommands(dialogue, topics, outflow.pushes::onJoined);
        administration = new AdminCommands(dialogue);
        commands = new CommandDispatch(dialogue, publishing, consuming, classic, administration, codec, this);
        watch = new PeerWatch(
                environment.settings(), wire, dialogue, environment.time().monotonicMs());
    }

    // --- from the wire

    @Override
    public void onBytes(byte[] bytes, int from, int length) {
        if (closed || ending) {
            return;
        }
        watch.onBytes(length, environment.time().monotonicMs());
        codec.feed(bytes, from, length);
        proceed();
    }

    @Override
    public void onEndOfInput() {
        inputEnded = true;
        proceed();
    }

    @Override
    public void onWritten(long position) {
        if (!closed) {
            outflow.onWritten(position);
            if (position < outflow.sentBytes()) {
                watch.onTaken(environment.time().monotonicMs());
            }
        }
    }

    @Override
    public void onWritable() {
        flush();
    }

    @Override
    public void onClosed() {
        if (!closed) {
            closed = true;
            codec.close();
            administration.close();
            outflow.close();
            publishing.close();
            link.close();
        }
    }

    @Override
    public void drain() {
        end(null);
        closeByMs = Math.min(closeByMs, environment.time().monotonicMs() + CLOSING_MS_MAX);
        link.markDirty();
    }

    @Override
    public void onTick() {
        if (closed) {
            return;
        }
        long nowMs = environment.time().monotonicMs();
        boolean answered = publishing.onTick(nowMs);
        classic.onTick();
        dialogue.replies.onTick();
        if (ending) {
            if (nowMs >= closeByMs + (outflow.isLargeUnderWay() ? CLOSING_MS_MAX : 0)) {
                close();
            }
        } else {
            answered |= checkPeer(nowMs);
        }
        onRoom();
        if (answered) {
            link.markDirty();
        }
    }

    /** There may be memory for a large message: it goes on in the end of the turn. */
    private void onRoom() {
        if (noMemory) {
            noMemory = false;
            link.markDirty();
        }
    }

    /** Ends the session of a client that does not keep to the times; answers whether it did. */
    private boolean checkPeer(long nowMs) {
        String complaint = watch.complaint(nowMs, reading, codec);
        if (complaint == null) {
            complaint = watch.complaintOfTaking(
                    nowMs, publishing.sharedBytes(), administration.browsedBytes(), outflow.takenBytes());
        }
        if (complaint != null) {
            end(complaint);
        }
        return complaint != null;
    }

    // --- commands

    /** Parses what there is, as far as nothing speaks against it. */
    private void proceed() {
        if (closed || parsing) {
            return;
        }
        parsing = true;
        try {
            boolean more = true;
            while (more && mayParse()) {
                more = step();
            }
        } finally {
            parsing = false;
        }
        codec.keep();
        dialogue.environment.buffers().trim();
        if (inputEnded && mayParse()) {
            leave();
        }
        updateReading();
        link.markDirty();
    }

    private boolean mayParse() {
        return !ending
                && !noMemory
                && !tooMuchUnconfirmed
                && !dialogue.isWaiting()
                && !classic.isFull()
                && (!answerWaits || outflow.isTaken())
                && mayOweMore();
    }

    private boolean mayOweMore() {
        boolean unread = wire.isFull();
        return dialogue.replies.textBytes() < (unread ? ANSWER_BYTES_UNREAD_MAX : ANSWER_BYTES_MAX)
                && dialogue.replies.size() < (unread ? ANSWERS_UNREAD_MAX : PendingReplies.ANSWERS_MAX);
    }

    /** While the session ends, what still comes is read and dropped: unread bytes would make the close a reset. */
    private void updateReading() {
        boolean wanted = !closed && (ending || mayParse());
        if (wanted != reading) {
            reading = wanted;
            wire.reading(wanted);
        }
    }

    /** Reads and performs one command; answers whether there may be another. */
    private boolean step() {
        switch (codec.next()) {
            case COMMAND -> {
                watch.onComplete();
                answerWaits = codec.command().mayAnswerMuch() && !outflow.isTaken();
                if (answerWaits || !perform(codec.command())) {
                    codec.again();
                }
                return true;
            }
            case TOO_LONG -> {
                watch.onComplete();
                commands.refuseTooLong(codec.command());
                return true;
            }
            case MALFORMED -> {
                end("ERROR:" + codec.problem());
                return false;
            }
            case NO_MEMORY -> {
                noMemory = true;
                return false;
            }
            default -> {
                return false;
            }
        }
    }

    /** Performs a command; false: give it again when the barrier is lifted. */
    private boolean perform(TextCommand command) {
        if (!commands.isAllowed(command) || commands.hasNeedlessFields(command)) {
            return true;
        }
        watch.onCommand(command.verb);
        return commands.perform(command);
    }

    // --- output

    @Override
    public void onTurnEnd() {
        flush();
    }

    /** Writes what there is, as far as the socket takes it. */
    private void flush() {
        if (closed) {
            return;
        }
        outflow.write(ending);
        if (ending && outflow.isEmpty()) {
            close();
        } else if (!reading && mayParse()) {
            proceed();
        }
    }

    /** Parses nothing more, writes what is owed and {@code lastLine}, if any, and closes. Idempotent. */
    @Override
    public void end(@Nullable String lastLine) {
        if (closed || ending) {
            return;
        }
        if (lastLine != null) {
            dialogue.answer(lastLine);
            hasFarewell = true;
        }
        ending = true;
        codec.close();
        closeByMs = environment.time().monotonicMs() + CLOSING_MS_MAX;
        updateReading();
    }

    /** As {@link #end} by the client's wish: what it asked for may take its time. */
    @Override
    public void leave() {
        if (!ending) {
            end(null);
            closeByMs += LEAVING_MS_MAX - CLOSING_MS_MAX;
        }
    }

    /** Writes what can be written at once and closes. Idempotent. */
    private void close() {
        if (closing) {
            return;
        }
        closing = true;
        dialogue.replies.abandon(hasFarewell);
        if (!wire.isFull()) {
            outflow.writeSlice(ending);
        }
        wire.close();
    }

    // --- from the broker

    @Override
    public void onConfirmed(long firstTicket, int count, int partitionIndex, long firstOffset) {
        publishing.onConfirmed(firstTicket, count, partitionIndex, firstOffset);
        link.markDirty();
    }

    @Override
    public void onRouted(long ticket, int topicCount) {
        dialogue.replies.routed(ticket, topicCount);
        link.markDirty();
    }

    @Override
    public void onRefused(long firstTicket, int count, Refusal refusal) {
        publishing.onRefused(firstTicket, count, refusal);
        link.markDirty();
    }

    @Override
    public void onDeliveries(Subscription subscription, DeliveryBatch batch) {
        deliver(subscription, batch);
    }

    @Override
    public void onTapped(Subscription subscription, TapBatch batch) {
        deliver(subscription, batch);
    }

    private void deliver(Subscription subscription, Object batch) {
        if (!ending) {
            outflow.pushes.add(subscription, batch);
            link.markDirty();
        }
    }

    @Override
    public void onPulled(long ticket, @Nullable DeliveryBatch batch) {
        classic.onPulled(ticket, batch);
        link.markDirty();
    }

    @Override
    public void onAvailable(Subscription subscription, long count) {
        classic.onAvailable(count);
        link.markDirty();
    }

    @Override
    public void onAcked(Subscription subscription, int partitionIndex, long offset) {
        consuming.durableAcks().onAcked(subscription, partitionIndex, offset);
        link.markDirty();
    }

    @Override
    public void onEnded(Subscription subscription, String reason) {
        consuming.durableAcks().onEnded(subscription, reason);
        if (subscription.attachment() instanceof TextSubscription mine) {
            outflow.pushes.onEnded(mine, reason);
            consuming.onEnded(mine);
        } else if (classic.isMine(subscription)) {
            end(ErrorWords.line(ErrorCode.NOT_FOUND, "the consumer ended, reason=" + reason));
        }
        link.markDirty();
    }

    @Override
    public void onReply(long correlation, MessageView reply) {
        publishing.onReply(correlation, reply);
        link.markDirty();
    }

    @Override
    public void onClosedByBroker(Refusal refusal) {
        if (!ending) {
            dialogue.replies.abandon(false);
        }
        end(ErrorWords.line(refusal));
        link.markDirty();
    }

    @Override
    public void onBackPressure(boolean pauseReading) {
        tooMuchUnconfirmed = pauseReading;
        if (pauseReading) {
            updateReading();
        } else {
            proceed();
        }
    }
}
