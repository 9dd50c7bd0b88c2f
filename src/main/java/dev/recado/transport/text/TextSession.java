package dev.recado.transport.text;

import dev.recado.base.ByteWriter;
import dev.recado.base.Refusal;
import dev.recado.broker.DeliveryPort;
import dev.recado.broker.Link;
import dev.recado.broker.Patience;
import dev.recado.broker.PublishPort;
import dev.recado.broker.PullPort;
import dev.recado.broker.ReplyPort;
import dev.recado.broker.SessionInfo;
import dev.recado.broker.SessionPort;
import dev.recado.security.Identity;
import dev.recado.transport.Decoded;
import dev.recado.transport.SessionFrame;
import dev.recado.transport.Wire;
import org.jspecify.annotations.Nullable;

/**
 * One connection of the text protocol: lines become commands, what the broker brings becomes answers, in the order of
 * the commands, and pushes behind them. Input waits besides while too many answers are owed. Owned by its event loop.
 */
final class TextSession extends SessionFrame implements SessionPort, CommandDispatch.Ending {

    /** The largest message before the login, where one is needed. */
    private static final int MESSAGE_BYTES_BEFORE_LOGIN = 32 * 1024;
    /** How long a session that ends by its client's wish may take. */
    static final long LEAVING_MS_MAX = 60_000;

    final Link link;
    private final TextCodec codec;
    final Dialogue dialogue;
    private final PublishCommands publishing;
    final ConsumeCommands consuming;
    final ClassicCommands classic;
    private final AdminCommands administration;
    private final CommandDispatch commands;
    final PushQueue pushes = new PushQueue();
    private final TextDeliveries deliveries = new TextDeliveries(this);
    private final PeerWatch watch;
    /** The last answer owed is the reason of the end. */
    private boolean hasFarewell;
    /** The next command makes an answer that may be large: it waits until the output before it is taken. */
    private boolean answerWaits;

    TextSession(TextEnvironment environment, Wire wire) {
        super(wire, environment.buffers().scratch, environment.time(), environment.buffers().large);
        Identity known = environment.comesAs(wire.clientNames());
        Identity identity = known == null ? Identity.NOBODY : known;
        SessionInfo info = new SessionInfo("text", wire.peer(), "", identity.user());
        link = environment.broker().open(this, Patience.REFUSE, info, identity);
        dialogue = new Dialogue(environment, link, this);
        codec = new TextCodec(
                environment.settings().lineBytesMax(),
                dialogue.isAuthenticated()
                        ? environment.sessions().messageBytesMax()
                        : Math.min(environment.sessions().messageBytesMax(), MESSAGE_BYTES_BEFORE_LOGIN),
                environment.assembly(),
                this::onRoom);
        TopicLookup topics = new TopicLookup(dialogue);
        publishing = new PublishCommands(dialogue, topics, codec::lend);
        classic = new ClassicCommands(dialogue, topics);
        consuming = new ConsumeCommands(dialogue, topics, pushes::onJoined);
        administration = new AdminCommands(dialogue);
        commands = new CommandDispatch(dialogue, publishing, consuming, classic, administration, codec, this);
        watch = new PeerWatch(
                environment.settings(), wire, dialogue, environment.time().monotonicMs());
    }

    // --- from the broker

    @Override
    public PublishPort publishes() {
        return publishing;
    }

    @Override
    public ReplyPort replies() {
        return publishing;
    }

    @Override
    public PullPort pulls() {
        return classic;
    }

    @Override
    public DeliveryPort deliveries() {
        return deliveries;
    }

    @Override
    public void onClosedByBroker(Refusal refusal) {
        if (isOpen()) {
            dialogue.replies.abandon(false);
        }
        end(ErrorWords.line(refusal));
        flushSoon();
    }

    @Override
    public void onShortage(@Nullable Refusal refusal) {
        dialogue.shortage.onShortage(refusal);
        flushSoon();
    }

    // --- input

    @Override
    protected void feed(byte[] bytes, int from, int length) {
        watch.onBytes(length, dialogue.environment.time().monotonicMs());
        codec.feed(bytes, from, length);
    }

    @Override
    protected void keep() {
        codec.keep();
    }

    @Override
    protected void closeInput() {
        codec.close();
    }

    @Override
    protected boolean takesMore() {
        return !classic.isFull() && (!answerWaits || isTaken()) && dialogue.mayOweMore(wire.isFull());
    }

    @Override
    protected Decoded next() {
        return codec.next();
    }

    @Override
    protected void perform(Decoded what) {
        watch.onComplete();
        TextCommand command = codec.command();
        if (what == Decoded.TOO_LONG) {
            commands.refuseTooLong(command);
            return;
        }
        answerWaits = command.mayAnswerMuch() && !isTaken();
        if (answerWaits || !commands.perform(command, watch)) {
            codec.again(); // the same once the barrier is lifted
        }
    }

    @Override
    protected void onMalformed() {
        end("ERROR:" + codec.problem());
    }

    // --- output

    @Override
    protected void encode(ByteWriter out, int bytesMax) {
        dialogue.replies.drain(out, bytesMax, large());
        if (!large().isUnderWay()) {
            if (isOpen()) {
                classic.writePush(out); // the reason of an end is the last line
                dialogue.shortage.writePush(out);
            }
            pushes.encode(out, bytesMax, large());
        }
    }

    @Override
    protected void onTaken() {
        if (takenBytes() < sentBytes()) {
            watch.onTaken(dialogue.environment.time().monotonicMs());
        }
    }

    @Override
    protected void flushSoon() {
        link.markDirty();
    }

    // --- times and the end

    @Override
    protected void onTick(long nowMs) {
        if (publishing.onTick(nowMs)) {
            flushSoon();
        }
        classic.onTick();
        dialogue.replies.onTick();
    }

    @Override
    protected void checkTimes(long nowMs) {
        String complaint = watch.complaint(nowMs, isReading(), codec);
        if (complaint == null) {
            complaint = watch.complaintOfTaking(
                    nowMs, publishing.sharedBytes(), administration.browsedBytes(), takenBytes());
        }
        if (complaint != null) {
            end(complaint);
            flushSoon();
        }
    }

    @Override
    protected void onAllRead() {
        leave();
    }

    /** Parses nothing more, writes what is owed and {@code lastLine}, if any, and closes. Idempotent. */
    @Override
    public void end(@Nullable String lastLine) {
        if (isOpen() && lastLine != null) {
            dialogue.answer(lastLine);
            hasFarewell = true;
        }
        end(CLOSING_MS_MAX);
    }

    /** As {@link #end} by the client's wish: what it asked for may take its time. */
    @Override
    public void leave() {
        end(LEAVING_MS_MAX);
    }

    @Override
    protected boolean owesNothing() {
        return dialogue.replies.isEmpty() && !pushes.hasOutput();
    }

    @Override
    protected void abandon() {
        dialogue.replies.abandon(hasFarewell);
    }

    @Override
    protected void release() {
        administration.close();
        publishing.close();
        link.close();
    }
}
