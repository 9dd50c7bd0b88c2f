package dev.recado.load.zmtp;

import dev.recado.load.step.Connection;
import dev.recado.load.zmtp.Frame.Command;
import dev.recado.load.zmtp.Frame.Greeting;
import dev.recado.load.zmtp.Frame.Malformed;
import dev.recado.load.zmtp.Frame.Message;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One ZeroMQ socket with one peer, the last handler of its channel.
 *
 * <p>Messages wait in an inbox until somebody receives them; while it is full the channel is not read. Every wait ends
 * exactly once: with what came, when its time is over, or when the connection ends. All of it belongs to the event loop
 * of the channel: methods may be called there only.
 */
final class ZmtpConnection extends ByteToMessageDecoder implements Connection {

    /** Messages that may wait to be received, as many as in a socket of libzmq by default. */
    static final int INBOX_MAX = 1_000;
    /** Messages that may wait for the socket to take them. */
    static final int OUTBOX_MAX = 65_536;

    private static final int MAJOR_MIN = 3;
    private static final int PING_TTL_BYTES = 2;
    private static final int PING_CONTEXT_BYTES_MAX = 16;

    private final FrameDecoder decoder = new FrameDecoder();
    private final Channel channel;
    private final SocketType type;
    private final LongSupplier clock;
    private final Deque<Arrival> inbox = new ArrayDeque<>();
    private boolean ready;
    private int outboxCount;
    private @Nullable Wait<SocketType> handshake;
    private @Nullable Wait<Arrival> receiver;
    private volatile @Nullable String ended;

    /** A message and when it came, by the clock of the run. */
    record Arrival(Message message, long arrivedMs) {}

    /** Told about what it waited for, exactly once. */
    interface Receiver<T> {
        void onArrival(T arrival);

        /** @param problem null where the time was over */
        void onNothing(@Nullable String problem);
    }

    ZmtpConnection(Channel channel, SocketType type, LongSupplier clock) {
        this.channel = channel;
        this.type = type;
        this.clock = clock;
    }

    @Override
    public boolean isOpen() {
        return ended == null;
    }

    /** Says the first words and waits for those of the peer. */
    void greet(long waitMs, Receiver<SocketType> greeter) {
        handshake = new Wait<>(greeter, waitMs, () -> handshake = null);
        channel.writeAndFlush(Words.greeting(type));
    }

    /** Sends a message; done once the operating system has taken it, which is all that ZMTP tells. */
    void send(List<byte[]> parts, Consumer<@Nullable String> done) {
        String problem = ended;
        if (problem == null && outboxCount >= OUTBOX_MAX) {
            problem = "too many messages that the socket does not take: limit=" + OUTBOX_MAX;
        }
        if (problem != null) {
            done.accept(problem);
            return;
        }
        outboxCount++;
        channel.writeAndFlush(Words.message(parts)).addListener(written -> {
            outboxCount--;
            done.accept(written.isSuccess() ? null : ended == null ? "connection lost" : ended);
        });
    }

    /** Hands over the next message, at once or as soon as it comes; one wait at a time. */
    void receive(long waitMs, Receiver<Arrival> waiting) {
        Arrival arrival = inbox.poll();
        if (arrival != null) {
            readOn();
            waiting.onArrival(arrival);
        } else if (ended != null || receiver != null) {
            waiting.onNothing(ended == null ? "two wait for a message of one socket" : ended);
        } else {
            receiver = new Wait<>(waiting, waitMs, () -> receiver = null);
        }
    }

    @Override
    public void close() {
        end("connection closed");
        channel.close();
    }

    /** A receiver with a deadline. */
    private final class Wait<T> {
        private final Receiver<T> receiver;
        private final Runnable forget;
        private final ScheduledFuture<?> deadline;

        Wait(Receiver<T> receiver, long waitMs, Runnable forget) {
            this.receiver = receiver;
            this.forget = forget;
            deadline = channel.eventLoop().schedule(() -> give(null), waitMs, TimeUnit.MILLISECONDS);
        }

        void arrive(T arrival) {
            deadline.cancel(false);
            forget.run();
            receiver.onArrival(arrival);
        }

        void give(@Nullable String problem) {
            deadline.cancel(false);
            forget.run();
            receiver.onNothing(problem);
        }
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        for (Frame frame = decoder.next(in); frame != null; frame = decoder.next(in)) {
            if (frame instanceof Greeting greeting) {
                onGreeting(greeting);
            } else if (frame instanceof Command command) {
                onCommand(command);
            } else if (frame instanceof Message message) {
                onMessage(message);
            } else if (frame instanceof Malformed malformed) {
                breakOff("malformed: " + malformed.why());
            }
        }
    }

    private void onGreeting(Greeting greeting) {
        if (greeting.major() < MAJOR_MIN || !greeting.mechanism().equals("NULL")) {
            breakOff("peer of version " + greeting.major() + " and mechanism " + greeting.mechanism());
        }
    }

    private void onCommand(Command command) {
        byte[] data = command.data();
        switch (command.name()) {
            case "READY" -> onReady(Words.socketType(data));
            case "ERROR" ->
                breakOff("the broker says: "
                        + (data.length == 0 ? "" : new String(data, 1, data.length - 1, StandardCharsets.US_ASCII)));
            case "PING" -> onPing(data);
            default -> {
                // PONG, and whatever later versions say.
            }
        }
    }

    private void onReady(String peer) {
        Wait<SocketType> waiting = handshake;
        if (ready || waiting == null) {
            breakOff("READY not expected");
        } else if (!type.mayTalkTo(peer)) {
            breakOff("a " + type + " socket does not go with " + peer);
        } else {
            ready = true;
            waiting.arrive(type);
        }
    }

    /** A time to live, which is the peer's own business, and a context that the answer repeats. */
    private void onPing(byte[] data) {
        int length = data.length - PING_TTL_BYTES;
        if (length < 0 || length > PING_CONTEXT_BYTES_MAX) {
            breakOff("malformed: PING");
            return;
        }
        byte[] context = new byte[length];
        System.arraycopy(data, PING_TTL_BYTES, context, 0, length);
        channel.writeAndFlush(Words.command("PONG", context));
    }

    private void onMessage(Message message) {
        if (!ready) {
            breakOff("a message before READY");
            return;
        }
        Arrival arrival = new Arrival(message, clock.getAsLong());
        Wait<Arrival> waiting = receiver;
        if (waiting != null) {
            waiting.arrive(arrival);
            return;
        }
        inbox.add(arrival);
        if (inbox.size() >= INBOX_MAX) {
            // What was read already still comes, and nothing more.
            channel.config().setAutoRead(false);
        }
    }

    private void readOn() {
        if (inbox.size() <= INBOX_MAX / 2 && !channel.config().isAutoRead()) {
            channel.config().setAutoRead(true);
        }
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
        if (handshake != null) {
            handshake.give(problem);
        }
        if (receiver != null) {
            receiver.give(problem);
        }
    }
}
