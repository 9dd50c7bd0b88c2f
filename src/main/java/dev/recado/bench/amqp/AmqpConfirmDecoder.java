package dev.recado.bench.amqp;

import dev.recado.bench.LoadTransport.ConfirmDecoder;
import dev.recado.bench.LoadTransport.ConfirmEvents;
import dev.recado.transport.amqp.wire.Arguments;
import dev.recado.transport.amqp.wire.MethodId;
import java.util.TreeMap;

/**
 * Reads what a publisher hears. A broker may confirm a message before one that was sent earlier to another queue; the
 * engine is told in the order of sending.
 */
final class AmqpConfirmDecoder implements ConfirmDecoder {

    private final ServerReader reader = new ServerReader(0);
    private final MethodId ready;
    /** The delivery tag of the first message whose fate the engine does not know. */
    private long next = 1;
    /** Whether those behind it whose fate is known are stored, by their tags. */
    private final TreeMap<Long, Boolean> early = new TreeMap<>();

    AmqpConfirmDecoder(boolean confirmed) {
        ready = confirmed ? MethodId.CONFIRM_SELECT_OK : MethodId.CHANNEL_OPEN_OK;
    }

    @Override
    public int read(byte[] bytes, int from, int to, ConfirmEvents events) {
        int at = from;
        while (true) {
            ServerReader.Step step = reader.next(bytes, at, to);
            at = reader.end();
            switch (step) {
                case NEED_MORE -> {
                    return at;
                }
                case FAILED -> {
                    events.onFailed("broker says: " + reader.failure());
                    return to;
                }
                case METHOD -> onMethod(events);
                case DELIVERY -> {}
            }
        }
    }

    @Override
    public int neededBytes() {
        return reader.neededBytes();
    }

    private void onMethod(ConfirmEvents events) {
        MethodId method = reader.method();
        if (method == MethodId.BASIC_ACK || method == MethodId.BASIC_NACK) {
            Arguments in = reader.arguments();
            settle(in.longLong(), in.bit(), method == MethodId.BASIC_ACK, events);
        } else if (method == ready) {
            events.onReady();
        } else if (method == MethodId.BASIC_QOS_OK) {
            events.onFinished();
        }
    }

    private void settle(long tag, boolean multiple, boolean stored, ConfirmEvents events) {
        if (tag < next) {
            return;
        }
        if (!multiple && tag > next) {
            early.put(tag, stored);
            return;
        }
        while (next <= tag) {
            Long first = early.isEmpty() ? null : early.firstKey();
            long until = first == null || first > tag ? tag + 1 : first;
            tell(until - next, stored, events);
            next = until;
            passEarly(events);
        }
    }

    private void passEarly(ConfirmEvents events) {
        Boolean known = early.remove(next);
        while (known != null) {
            tell(1, known, events);
            next++;
            known = early.remove(next);
        }
    }

    private static void tell(long count, boolean stored, ConfirmEvents events) {
        if (stored && count > 0) {
            events.onStored(count);
        }
        for (long i = stored ? count : 0; i < count; i++) {
            events.onRefused(true, "the broker did not take it (basic.nack)");
        }
    }
}
