package dev.recado.load.text;

import dev.recado.load.step.Connection;
import dev.recado.load.text.Frame.Malformed;
import dev.recado.load.text.Frame.Message;
import dev.recado.load.text.Frame.Push;
import dev.recado.load.text.Frame.Reply;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One session with a broker, the last handler of its channel.
 *
 * <p>Commands may be pipelined: answers are matched in the order of the commands. Deliveries wait in an inbox until
 * somebody receives them. Every request ends exactly once: with what came, when its time is over, or when the
 * connection ends. All of it belongs to the event loop of the channel: methods may be called there only.
 */
final class TextConnection extends ByteToMessageDecoder implements Connection {

    /** Commands that may wait for answers, those included that nobody waits for any more. */
    static final int UNANSWERED_MAX = 65_536;
    /** Deliveries that may wait to be received; the credit of a subscription is at most that. */
    static final int INBOX_MAX = 65_535;

    /** So exact are time-outs; a stalled broker must not make the load generator busy with them. */
    static final long ALARM_MS_MIN = 100;

    private final FrameDecoder decoder = new FrameDecoder();
    private final Channel channel;
    private final LongSupplier clock;
    private final long timeoutMs;

    private final Deque<Question> unanswered = new ArrayDeque<>();
    private final Deque<Arrival> inbox = new ArrayDeque<>();
    private final Deque<Receiver> receivers = new ArrayDeque<>();
    private @Nullable Future<?> alarm;
    private volatile @Nullable String ended;

    /**
     * What a request came to.
     *
     * @param problem why it failed, null where it did not
     * @param line the answer, empty where there was none
     */
    record Outcome(@Nullable String problem, String line, long endMs) {}

    /** A delivery and when it came, by the clock of the run. */
    record Arrival(Message message, long arrivedMs) {}

    /** Told about the outcome of a wait for a delivery, exactly once. */
    interface Receiver {
        void onArrival(Arrival arrival);

        /** @param problem null where the time was over */
        void onNothing(@Nullable String problem);
    }

    private static final class Question {
        final long deadlineMs;

        @Nullable
        Consumer<Outcome> asker;

        Question(long deadlineMs, Consumer<Outcome> asker) {
            this.deadlineMs = deadlineMs;
            this.asker = asker;
        }

        void end(Outcome outcome) {
            Consumer<Outcome> waiting = asker;
            asker = null;
            if (waiting != null) {
                waiting.accept(outcome);
            }
        }
    }

    /** @param timeoutMs how long a command may wait for its answer */
    TextConnection(Channel channel, LongSupplier clock, long timeoutMs) {
        this.channel = channel;
        this.clock = clock;
        this.timeoutMs = timeoutMs;
    }

    @Override
    public boolean isOpen() {
        return ended == null;
    }

    /** Sends a command that the broker answers with one line. */
    void ask(ByteBuf command, Consumer<Outcome> asker) {
        String problem = ended;
        if (problem == null && unanswered.size() >= UNANSWERED_MAX) {
            problem = "too many commands unanswered: limit=" + UNANSWERED_MAX;
        }
        if (problem != null) {
            command.release();
            asker.accept(new Outcome(problem, "", clock.getAsLong()));
            return;
        }
        unanswered.add(new Question(clock.getAsLong() + timeoutMs, asker));
        channel.writeAndFlush(command);
        setAlarm();
    }

    /** Sends a command that the broker does not answer; on a connection that ended it is dropped. */
    void tell(ByteBuf command) {
        if (ended == null) {
            channel.writeAndFlush(command);
        } else {
            command.release();
        }
    }

    /** Hands over the next delivery, at once or as soon as it comes. */
    void receive(long waitMs, Receiver receiver) {
        Arrival waiting = inbox.poll();
        if (waiting != null) {
            receiver.onArrival(waiting);
        } else if (ended != null) {
            receiver.onNothing(ended);
        } else {
            new Wait(receiver).begin(waitMs);
        }
    }

    @Override
    public void close() {
        end("connection closed");
        channel.close();
    }

    /** A receiver with a deadline. */
    private final class Wait implements Receiver {
        private final Receiver receiver;
        private @Nullable ScheduledFuture<?> deadline;

        Wait(Receiver receiver) {
            this.receiver = receiver;
        }

        void begin(long waitMs) {
            receivers.add(this);
            deadline = channel.eventLoop().schedule(this::onDeadline, waitMs, TimeUnit.MILLISECONDS);
        }

        private void onDeadline() {
            if (receivers.remove(this)) {
                receiver.onNothing(null);
            }
        }

        @Override
        public void onArrival(Arrival arrival) {
            cancel();
            receiver.onArrival(arrival);
        }

        @Override
        public void onNothing(@Nullable String problem) {
            cancel();
            receiver.onNothing(problem);
        }

        private void cancel() {
            if (deadline != null) {
                deadline.cancel(false);
            }
        }
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        for (Frame frame = decoder.next(in); frame != null; frame = decoder.next(in)) {
            onFrame(frame);
        }
    }

    private void onFrame(Frame frame) {
        if (frame instanceof Reply reply) {
            onReply(reply);
        } else if (frame instanceof Message message) {
            onMessage(message);
        } else if (frame instanceof Malformed malformed) {
            breakOff("malformed: " + malformed.why());
        } else if (frame instanceof Push push && push.line().startsWith("END:")) {
            endReceivers("subscription ended: " + push.line());
        }
    }

    private void onReply(Reply reply) {
        Question question = unanswered.poll();
        if (question == null) {
            breakOff("not asked for: " + reply.line());
            return;
        }
        question.end(new Outcome(reply.isError() ? reply.line() : null, reply.line(), clock.getAsLong()));
    }

    private void onMessage(Message message) {
        Arrival arrival = new Arrival(message, clock.getAsLong());
        Receiver receiver = receivers.poll();
        if (receiver != null) {
            receiver.onArrival(arrival);
        } else if (inbox.size() < INBOX_MAX) {
            inbox.add(arrival);
        } else {
            breakOff("more deliveries than any credit allows: limit=" + INBOX_MAX);
        }
    }

    /** One timer for all questions: they were asked in the order in which their time is over. */
    private void setAlarm() {
        Question first = alarm == null ? firstWaiting() : null;
        if (first != null) {
            long waitMs = Math.max(ALARM_MS_MIN, first.deadlineMs - clock.getAsLong());
            alarm = channel.eventLoop().schedule(this::onAlarm, waitMs, TimeUnit.MILLISECONDS);
        }
    }

    /** Questions whose time is over stay in the queue, because their answers may still come. */
    private void onAlarm() {
        alarm = null;
        long nowMs = clock.getAsLong();
        List<Question> due = new ArrayList<>();
        for (Question question : unanswered) {
            if (question.deadlineMs > nowMs) {
                break;
            }
            due.add(question);
        }
        due.forEach(question -> question.end(new Outcome("no answer within " + timeoutMs + " ms", "", nowMs)));
        setAlarm();
    }

    private @Nullable Question firstWaiting() {
        for (Question question : unanswered) {
            if (question.asker != null) {
                return question;
            }
        }
        return null;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        breakOff(cause instanceof IOException ? "connection lost" : cause.toString());
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
        super.channelInactive(context);
        end("connection closed by the broker");
    }

    private void breakOff(String problem) {
        end(problem);
        channel.close();
    }

    private void end(String problem) {
        if (ended != null) {
            return;
        }
        ended = problem;
        if (alarm != null) {
            alarm.cancel(false);
        }
        long nowMs = clock.getAsLong();
        for (Question question = unanswered.poll(); question != null; question = unanswered.poll()) {
            question.end(new Outcome(problem, "", nowMs));
        }
        endReceivers(problem);
    }

    private void endReceivers(String problem) {
        for (Receiver receiver = receivers.poll(); receiver != null; receiver = receivers.poll()) {
            receiver.onNothing(problem);
        }
    }
}
