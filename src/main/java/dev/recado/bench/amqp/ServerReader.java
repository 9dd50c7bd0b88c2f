package dev.recado.bench.amqp;

import dev.recado.base.ByteWriter;
import dev.recado.transport.amqp.wire.AmqpFrameReader;
import dev.recado.transport.amqp.wire.Arguments;
import dev.recado.transport.amqp.wire.ConnectionMethods.Close;
import dev.recado.transport.amqp.wire.ContentHeader;
import dev.recado.transport.amqp.wire.MethodId;
import org.jspecify.annotations.Nullable;

/**
 * Reads what the broker sends on one connection where it lies, methods and whole messages. A body of one frame stays
 * where it is; one of several is put together.
 *
 * <p>A cursor: what it found stands in its fields until the next call. It never throws for what the broker sent, and
 * behind {@link Step#FAILED} it finds nothing more. Not thread-safe: one owner.
 */
final class ServerReader {

    /** What {@link #next} found. */
    enum Step {
        /** The next thing is not complete. */
        NEED_MORE,
        /** A method without content: {@link #method}, {@link #arguments}. */
        METHOD,
        /** A delivery: {@link #consumer}, {@link #deliveryTag}, {@link #redelivered}, and where its body lies. */
        DELIVERY,
        /** The broker closes channel or connection, or it is not AMQP: {@link #failure}. */
        FAILED
    }

    private final AmqpFrameReader frames = new AmqpFrameReader();
    private final Arguments arguments = new Arguments();
    private final ContentHeader header = new ContentHeader();
    private final ByteWriter parts = new ByteWriter(256);
    private final int bodyBytesMax;

    private int end;
    private @Nullable MethodId method;
    private String failure = "";
    private int consumer;
    private long deliveryTag;
    private boolean redelivered;
    /** Content bytes that are still to come; none at 0, and -1 where the header is. */
    private long bodyLeft;

    private byte[] body = new byte[0];
    private int bodyStart;
    private int bodyLength;

    /** Messages have at most {@code bodyBytesMax} bytes; a longer one fails. */
    ServerReader(int bodyBytesMax) {
        this.bodyBytesMax = bodyBytesMax;
    }

    /** Reads the next thing in {@code bytes[from, to)}; {@link #end} is where the one behind it begins. */
    Step next(byte[] bytes, int from, int to) {
        end = from;
        while (failure.isEmpty()) {
            switch (frames.read(bytes, end, to, ClientWords.FRAME_BYTES_MAX)) {
                case NEED_MORE -> {
                    return Step.NEED_MORE;
                }
                case MALFORMED -> fail("not AMQP 0-9-1: " + frames.problem());
                case FRAME -> {
                    end = frames.end();
                    Step step = onFrame(bytes);
                    if (step != Step.NEED_MORE) {
                        return step;
                    }
                }
            }
        }
        return Step.FAILED;
    }

    /** {@link Step#NEED_MORE} where the frame alone says nothing yet. */
    private Step onFrame(byte[] bytes) {
        return switch (frames.type()) {
            case AmqpFrameReader.METHOD -> onMethod(bytes);
            case AmqpFrameReader.HEADER -> onHeader(bytes);
            case AmqpFrameReader.BODY -> onBody(bytes);
            default -> Step.NEED_MORE;
        };
    }

    private Step onMethod(byte[] bytes) {
        MethodId found = MethodId.of(arguments.open(bytes, frames.payloadStart(), frames.payloadLength()));
        if (found == null || !found.isFromServer()) {
            return fail("not AMQP 0-9-1: a method that no broker sends");
        }
        method = found;
        switch (found) {
            case CONNECTION_CLOSE, CHANNEL_CLOSE -> {
                Close close = Close.read(arguments);
                return fail(close == null ? "a close without a reason" : close.code() + " " + close.text());
            }
            case BASIC_CANCEL -> {
                return fail("consumer cancelled: its queue is gone");
            }
            case BASIC_DELIVER -> {
                arguments.shortSlice();
                consumer = number(bytes, arguments.sliceStart(), arguments.sliceLength());
                deliveryTag = arguments.longLong();
                redelivered = arguments.bit();
            }
            default -> {}
        }
        bodyLeft = found.hasContent() ? -1 : 0;
        return found.hasContent() ? Step.NEED_MORE : Step.METHOD;
    }

    private Step onHeader(byte[] bytes) {
        if (bodyLeft >= 0 || !header.read(bytes, frames.payloadStart(), frames.payloadLength())) {
            return fail("not AMQP 0-9-1: a content header out of place or malformed");
        }
        if (header.bodyBytes() > bodyBytesMax) {
            return fail("a message of " + header.bodyBytes() + " bytes, which is not ours");
        }
        bodyLeft = header.bodyBytes();
        parts.clear();
        bodyLength = 0;
        bodyStart = 0;
        return bodyLeft == 0 ? onContent() : Step.NEED_MORE;
    }

    private Step onBody(byte[] bytes) {
        int length = frames.payloadLength();
        if (length > bodyLeft) {
            return fail("not AMQP 0-9-1: a body longer than its header says");
        }
        bodyLeft -= length;
        bodyLength += length;
        if (bodyLeft == 0 && parts.size() == 0) {
            body = bytes;
            bodyStart = frames.payloadStart();
            return onContent();
        }
        parts.put(bytes, frames.payloadStart(), length);
        if (bodyLeft > 0) {
            return Step.NEED_MORE;
        }
        body = parts.array();
        return onContent();
    }

    private Step onContent() {
        return method == MethodId.BASIC_DELIVER ? Step.DELIVERY : Step.NEED_MORE;
    }

    private Step fail(String why) {
        failure = why;
        return Step.FAILED;
    }

    /** The consumer's tag as the number that it is; -1 where it is none. */
    private static int number(byte[] bytes, int from, int length) {
        int number = length == 0 || length > 9 ? -1 : 0;
        for (int i = 0; i < length && number >= 0; i++) {
            int digit = bytes[from + i] - '0';
            number = digit >= 0 && digit <= 9 ? number * 10 + digit : -1;
        }
        return number;
    }

    /** Index behind what was found. */
    int end() {
        return end;
    }

    /** Bytes that the next frame needs, from {@link #end}. */
    int neededBytes() {
        return frames.neededBytes();
    }

    @Nullable
    MethodId method() {
        return method;
    }

    /** Behind {@link #method}. */
    Arguments arguments() {
        return arguments;
    }

    int consumer() {
        return consumer;
    }

    long deliveryTag() {
        return deliveryTag;
    }

    boolean redelivered() {
        return redelivered;
    }

    byte[] body() {
        return body;
    }

    int bodyStart() {
        return bodyStart;
    }

    int bodyLength() {
        return bodyLength;
    }

    String failure() {
        return failure;
    }
}
