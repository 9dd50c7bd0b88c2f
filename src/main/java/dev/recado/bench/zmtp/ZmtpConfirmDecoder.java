package dev.recado.bench.zmtp;

import dev.recado.bench.LoadPlan;
import dev.recado.bench.LoadTransport.ConfirmDecoder;
import dev.recado.bench.LoadTransport.ConfirmEvents;
import dev.recado.transport.zmtp.wire.Command;
import java.util.Arrays;

/**
 * Reads what a publisher hears: the handshake, what subscribers want, and at the end a PONG. One that pushes may begin
 * behind the handshake; one that publishes, once the run's messages are wanted.
 */
final class ZmtpConfirmDecoder implements ConfirmDecoder {

    /** Subscriptions of others may be long. */
    private static final int BODY_BYTES_MAX = 1 << 20;

    private final ZmtpReader reader;
    private final SocketType type;
    private final byte[] prefix;
    private boolean ready;

    ZmtpConfirmDecoder(LoadPlan plan, SocketType type) {
        this.type = type;
        reader = new ZmtpReader(type, BODY_BYTES_MAX);
        prefix = Words.prefix(plan.setup().run());
    }

    @Override
    public int read(byte[] bytes, int from, int to, ConfirmEvents events) {
        int at = from;
        while (true) {
            ZmtpReader.Step step = reader.next(bytes, at, to);
            at = reader.end();
            switch (step) {
                case NEED_MORE -> {
                    return at;
                }
                case FAILED -> {
                    events.onFailed(reader.failure());
                    return to;
                }
                case READY -> {
                    if (type == SocketType.PUSH) {
                        onReady(events);
                    }
                }
                case COMMAND -> onCommand(reader.command(), events);
                case MESSAGE -> onMessage(bytes, reader.bodyStart(), reader.bodyLength(), events);
                case MULTIPART -> {}
            }
        }
    }

    @Override
    public int neededBytes() {
        return reader.neededBytes();
    }

    private void onReady(ConfirmEvents events) {
        if (!ready) {
            ready = true;
            events.onReady();
        }
    }

    private void onCommand(Command command, ConfirmEvents events) {
        if (command.is(Command.SUBSCRIBE)) {
            onWanted(command.bytes(), command.dataStart(), command.dataLength(), events);
        } else if (command.is(Command.PONG) && isLast(command)) {
            events.onFinished();
        }
    }

    private static boolean isLast(Command pong) {
        int from = pong.dataStart();
        byte[] last = ZmtpPublishEncoder.LAST;
        return Arrays.equals(pong.bytes(), from, from + pong.dataLength(), last, 0, last.length);
    }

    /** The older form of a subscription: 1 and the prefix. */
    private void onMessage(byte[] bytes, int from, int length, ConfirmEvents events) {
        if (length > 0 && bytes[from] == 1) {
            onWanted(bytes, from + 1, length - 1, events);
        }
    }

    private void onWanted(byte[] bytes, int from, int length, ConfirmEvents events) {
        boolean ours = length <= prefix.length && Arrays.equals(bytes, from, from + length, prefix, 0, length);
        if (type == SocketType.PUB && ours) {
            onReady(events);
        }
    }
}
