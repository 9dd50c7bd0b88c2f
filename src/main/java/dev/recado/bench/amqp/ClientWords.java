package dev.recado.bench.amqp;

import dev.recado.base.ByteWriter;
import dev.recado.transport.amqp.wire.AmqpFrames;
import dev.recado.transport.amqp.wire.MethodId;
import dev.recado.transport.amqp.wire.ProtocolHeader;
import dev.recado.transport.amqp.wire.ShortString;
import dev.recado.transport.amqp.wire.TableBuilder;
import java.nio.charset.StandardCharsets;

/** What a client says beside messages, all of it on one channel. */
final class ClientWords {

    static final int CHANNEL = 1;
    /** What every broker offers unless somebody has changed it. */
    static final int FRAME_BYTES_MAX = 128 << 10;

    private static final String PLAIN = "\0guest\0guest";
    private static final int DURABLE = 2;
    private static final int EXCLUSIVE = 4;
    private static final int NO_ACK = 2;

    private ClientWords() {}

    /**
     * Everything up to an open channel at once: nothing in it depends on what the broker offers, unless it offers less
     * than {@link #FRAME_BYTES_MAX}, which it then says.
     */
    static void putGreeting(String virtualHost, ByteWriter out) {
        ProtocolHeader.put(out);
        int mark = AmqpFrames.begin(out, 0, MethodId.CONNECTION_START_OK);
        new TableBuilder().text("product", "recado bench").put(out);
        ShortString.put(out, "PLAIN");
        byte[] response = PLAIN.getBytes(StandardCharsets.US_ASCII);
        out.putInt(response.length).put(response);
        ShortString.put(out, "en_US");
        AmqpFrames.end(out, mark);
        mark = AmqpFrames.begin(out, 0, MethodId.CONNECTION_TUNE_OK);
        out.putShort(CHANNEL).putInt(FRAME_BYTES_MAX).putShort(0);
        AmqpFrames.end(out, mark);
        mark = AmqpFrames.begin(out, 0, MethodId.CONNECTION_OPEN);
        ShortString.put(out, virtualHost);
        ShortString.put(out, "");
        out.put(0);
        AmqpFrames.end(out, mark);
        mark = AmqpFrames.begin(out, CHANNEL, MethodId.CHANNEL_OPEN);
        ShortString.put(out, "");
        AmqpFrames.end(out, mark);
    }

    static void putConfirmSelect(ByteWriter out) {
        int mark = AmqpFrames.begin(out, CHANNEL, MethodId.CONFIRM_SELECT);
        out.put(0);
        AmqpFrames.end(out, mark);
    }

    /** What each consumer made from now on may hold; its answer comes behind those of all that was said before. */
    static void putQos(int prefetch, ByteWriter out) {
        int mark = AmqpFrames.begin(out, CHANNEL, MethodId.BASIC_QOS);
        out.putInt(0).putShort(prefetch).put(0);
        AmqpFrames.end(out, mark);
    }

    static void putDeclareQueue(String queue, boolean durable, ByteWriter out) {
        declareQueue(queue, durable ? DURABLE : 0, out);
    }

    /** A queue of this connection, with a name from the broker; the methods that follow mean it by an empty name. */
    static void putDeclareOwnQueue(ByteWriter out) {
        declareQueue("", EXCLUSIVE, out);
    }

    private static void declareQueue(String queue, int bits, ByteWriter out) {
        int mark = beginNamed(MethodId.QUEUE_DECLARE, queue, out);
        out.put(bits);
        new TableBuilder().put(out);
        AmqpFrames.end(out, mark);
    }

    static void putDeclareFanout(String exchange, boolean durable, ByteWriter out) {
        int mark = beginNamed(MethodId.EXCHANGE_DECLARE, exchange, out);
        ShortString.put(out, "fanout");
        out.put(durable ? DURABLE : 0);
        new TableBuilder().put(out);
        AmqpFrames.end(out, mark);
    }

    static void putBind(String queue, String exchange, ByteWriter out) {
        int mark = beginNamed(MethodId.QUEUE_BIND, queue, out);
        ShortString.put(out, exchange);
        ShortString.put(out, "");
        out.put(0);
        new TableBuilder().put(out);
        AmqpFrames.end(out, mark);
    }

    static void putConsume(String queue, String consumerTag, boolean noAck, ByteWriter out) {
        int mark = beginNamed(MethodId.BASIC_CONSUME, queue, out);
        ShortString.put(out, consumerTag);
        out.put(noAck ? NO_ACK : 0);
        new TableBuilder().put(out);
        AmqpFrames.end(out, mark);
    }

    static void putAck(long deliveryTag, boolean multiple, ByteWriter out) {
        int mark = AmqpFrames.begin(out, CHANNEL, MethodId.BASIC_ACK);
        out.putLong(deliveryTag).put(multiple ? 1 : 0);
        AmqpFrames.end(out, mark);
    }

    /** In front of a content: to the queue of that name where {@code exchange} is empty. */
    static void putPublish(String exchange, String routingKey, ByteWriter out) {
        int mark = beginNamed(MethodId.BASIC_PUBLISH, exchange, out);
        ShortString.put(out, routingKey);
        out.put(0);
        AmqpFrames.end(out, mark);
    }

    static void putDeleteQueue(String queue, ByteWriter out) {
        int mark = beginNamed(MethodId.QUEUE_DELETE, queue, out);
        out.put(0);
        AmqpFrames.end(out, mark);
    }

    static void putDeleteExchange(String exchange, ByteWriter out) {
        int mark = beginNamed(MethodId.EXCHANGE_DELETE, exchange, out);
        out.put(0);
        AmqpFrames.end(out, mark);
    }

    /** Ends the connection in order. */
    static void putClose(ByteWriter out) {
        int mark = AmqpFrames.begin(out, 0, MethodId.CONNECTION_CLOSE);
        out.putShort(200);
        ShortString.put(out, "done");
        out.putInt(0);
        AmqpFrames.end(out, mark);
    }

    /** Most methods begin with a number that means nothing any more, and a name. */
    private static int beginNamed(MethodId method, String name, ByteWriter out) {
        int mark = AmqpFrames.begin(out, CHANNEL, method);
        out.putShort(0);
        ShortString.put(out, name);
        return mark;
    }
}
