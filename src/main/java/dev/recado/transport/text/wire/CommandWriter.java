package dev.recado.transport.text.wire;

import dev.recado.base.ByteWriter;
import dev.recado.base.PercentCodec;
import java.util.List;
import java.util.Map;

/**
 * Writes the commands of the text protocol into one buffer:
 *
 * <pre>
 * VERB[:field…]⏎            fields percent-encoded, numbers in decimal
 * VERB[:field…]:bytes⏎payload⏎
 * </pre>
 *
 * <p>Commands follow each other in the buffer; its owner sends and clears it. Not thread-safe: one owner.
 */
public final class CommandWriter {

    private final ByteWriter out;

    public CommandWriter(ByteWriter out) {
        this.out = out;
    }

    /** A command of a fixed word and fields that are names or texts, each percent-encoded. */
    public CommandWriter command(String verb, String... fields) {
        out.putAscii(verb);
        for (String field : fields) {
            field(field);
        }
        return endLine();
    }

    /** A command whose last field is a list of settings; left out where there are none. */
    public CommandWriter settings(String verb, Map<String, String> settings, String... fields) {
        out.putAscii(verb);
        for (String field : fields) {
            field(field);
        }
        if (!settings.isEmpty()) {
            out.put(':');
            HeaderList.write(settings, out);
        }
        return endLine();
    }

    /** {@code BIND}, say: headers and values are left out where there are none. */
    public CommandWriter binding(
            String verb, Map<String, String> headers, Map<String, String> values, String... fields) {
        if (values.isEmpty()) {
            return settings(verb, headers, fields);
        }
        out.putAscii(verb);
        for (String field : fields) {
            field(field);
        }
        out.put(':');
        HeaderList.write(headers, out);
        out.put(':');
        HeaderList.write(values, out);
        return endLine();
    }

    /** {@code PUB} to a topic; the long form where there is a key or a header. */
    public CommandWriter publish(String topic, String key, Map<String, String> headers, byte[] payload) {
        out.putAscii("PUB:");
        PercentCodec.encode(out, topic);
        if (!key.isEmpty() || !headers.isEmpty()) {
            keyAndHeaders(key, headers);
        }
        return payload(payload);
    }

    /** As before with options as on the wire, or none: {@code priority=5&nosync} (brokers from 0.2.0 on). */
    public CommandWriter publish(
            String topic, String key, Map<String, String> headers, String options, byte[] payload) {
        if (options.isEmpty()) {
            return publish(topic, key, headers, payload);
        }
        out.putAscii("PUB:");
        PercentCodec.encode(out, topic);
        keyAndHeaders(key, headers);
        out.put(':').putAscii(options);
        return payload(payload);
    }

    /** {@code XPUB} through an exchange. */
    public CommandWriter publishThrough(String exchange, String key, Map<String, String> headers, byte[] payload) {
        out.putAscii("XPUB:");
        PercentCodec.encode(out, exchange);
        keyAndHeaders(key, headers);
        return payload(payload);
    }

    /**
     * As before by several keys, of which there is one at least, and with options as of {@link #publish(String, String,
     * Map, String, byte[])} (brokers from 0.2.0 on, where there are more keys or any options).
     */
    public CommandWriter publishThrough(
            String exchange, List<String> keys, Map<String, String> headers, String options, byte[] payload) {
        out.putAscii("XPUB:");
        PercentCodec.encode(out, exchange);
        keyAndHeaders(keys.get(0), headers);
        for (int i = 1; i < keys.size(); i++) {
            out.put(i == 1 ? ':' : '&');
            PercentCodec.encode(out, keys.get(i));
        }
        if (!options.isEmpty()) {
            out.putAscii(keys.size() == 1 ? "::" : ":").putAscii(options);
        }
        return payload(payload);
    }

    public CommandWriter producer(String id, long nextSequence) {
        out.putAscii("PRODUCER:");
        PercentCodec.encode(out, id);
        out.put(':').putDecimal(nextSequence);
        return endLine();
    }

    /** {@code SUB}; {@code credit} is a number or {@code auto}; an empty {@code from} leaves it to the broker. */
    public CommandWriter subscribe(String topicOrPattern, String group, String credit, String from) {
        return subscribe(topicOrPattern, group, credit, from, "");
    }

    /** As before; {@code timed}: each message comes with its publish time (brokers from 0.2.0 on). */
    public CommandWriter subscribe(String topicOrPattern, String group, String credit, String from, boolean timed) {
        return subscribe(topicOrPattern, group, credit, from, timed ? "time" : "");
    }

    /** As before; {@code options} as on the wire: {@code time}, {@code spend} or both with a {@code &} between. */
    public CommandWriter subscribe(String topicOrPattern, String group, String credit, String from, String options) {
        out.putAscii("SUB");
        field(topicOrPattern);
        field(group);
        field(credit);
        if (!options.isEmpty() || !from.isEmpty()) {
            field(from);
        }
        if (!options.isEmpty()) {
            out.put(':').putAscii(options);
        }
        return endLine();
    }

    /** {@code ACK} or {@code ACK!} of one message; {@code partition} -1 where the topic has one. */
    public CommandWriter ack(boolean durable, long subscription, int partition, long offset) {
        message(durable ? "ACK!:" : "ACK:", subscription, partition, offset);
        return endLine();
    }

    /** {@code CREDIT}. */
    public CommandWriter credit(long subscription, long messages) {
        out.putAscii("CREDIT:").putDecimal(subscription).put(':').putDecimal(messages);
        return endLine();
    }

    /** {@code NACK}; {@code delayMs} -1 leaves the delay to the group. */
    public CommandWriter nack(long subscription, int partition, long offset, long delayMs) {
        message("NACK:", subscription, partition, offset);
        if (delayMs >= 0) {
            out.put(':').putDecimal(delayMs);
        }
        return endLine();
    }

    public CommandWriter reject(long subscription, int partition, long offset, String reason) {
        message("REJECT:", subscription, partition, offset);
        if (!reason.isEmpty()) {
            out.put(':');
            PercentCodec.encode(out, reason);
        }
        return endLine();
    }

    public CommandWriter extend(long subscription, int partition, long offset, long ms) {
        message("EXTEND:", subscription, partition, offset);
        out.put(':').putDecimal(ms);
        return endLine();
    }

    public CommandWriter reply(long subscription, int partition, long offset, byte[] payload) {
        message("REPLY:", subscription, partition, offset);
        return payload(payload);
    }

    public CommandWriter cease(long subscription) {
        out.putAscii("CEASE:").putDecimal(subscription);
        return endLine();
    }

    public CommandWriter unsubscribe(long subscription) {
        out.putAscii("UNSUB:").putDecimal(subscription);
        return endLine();
    }

    public CommandWriter request(String topic, long timeoutMs, byte[] payload) {
        out.putAscii("REQ:");
        PercentCodec.encode(out, topic);
        out.put(':').putDecimal(timeoutMs);
        return payload(payload);
    }

    private void message(String verb, long subscription, int partition, long offset) {
        out.putAscii(verb).putDecimal(subscription).put(':');
        if (partition >= 0) {
            out.putDecimal(partition).put('-');
        }
        out.putDecimal(offset);
    }

    private void keyAndHeaders(String key, Map<String, String> headers) {
        out.put(':');
        PercentCodec.encode(out, key);
        out.put(':');
        HeaderList.write(headers, out);
    }

    private CommandWriter payload(byte[] payload) {
        out.put(':').putDecimal(payload.length);
        endLine();
        out.put(payload);
        return endLine();
    }

    private CommandWriter endLine() {
        out.put('\n');
        return this;
    }

    private void field(String value) {
        out.put(':');
        words(value);
    }

    /** As a name, but {@code * # @} stay readable: patterns, binding keys and positions are typed with them. */
    private void words(String value) {
        int start = 0;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '*' || c == '#' || c == '@') {
                PercentCodec.encode(out, value.substring(start, i));
                out.put(c);
                start = i + 1;
            }
        }
        PercentCodec.encode(out, start == 0 ? value : value.substring(start));
    }
}
