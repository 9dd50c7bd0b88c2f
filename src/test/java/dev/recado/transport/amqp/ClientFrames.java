package dev.recado.transport.amqp;

import dev.recado.base.ByteWriter;
import dev.recado.transport.amqp.wire.AmqpFrameReader;
import dev.recado.transport.amqp.wire.AmqpFrames;
import dev.recado.transport.amqp.wire.ArrayBuilder;
import dev.recado.transport.amqp.wire.BasicProperty;
import dev.recado.transport.amqp.wire.BodyFrames;
import dev.recado.transport.amqp.wire.FieldTable;
import dev.recado.transport.amqp.wire.MethodId;
import dev.recado.transport.amqp.wire.PropertiesBuilder;
import dev.recado.transport.amqp.wire.ShortString;
import dev.recado.transport.amqp.wire.TableBuilder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * Frames as a client sends them, from lines: {@code 1 queue.declare q durable x-max-length=5} has the channel, the
 * method, its arguments in the order of the specification ({@code ''} for an empty one), the bits that are set, and the
 * fields of its table (digits make an integer, brackets an array of texts, {@code ~d5} a value of type d). Behind
 * {@code basic.publish} stand properties by name, headers as {@code h.NAME=VALUE}, and the body behind a colon.
 */
public final class ClientFrames {

    /** r reserved, s short string, S long string, b h i l numbers of 1, 2, 4, 8 bytes, t table, bits in brackets. */
    private static final Map<MethodId, String> LAYOUTS = layouts();

    private static final String EMPTY = "''";

    private ClientFrames() {}

    private static Map<MethodId, String> layouts() {
        Map<MethodId, String> all = new EnumMap<>(MethodId.class);
        all.put(MethodId.CONNECTION_TUNE_OK, "hih");
        all.put(MethodId.CONNECTION_OPEN, "ss[reserved]");
        all.put(MethodId.CONNECTION_CLOSE, "hshh");
        all.put(MethodId.CONNECTION_UPDATE_SECRET, "Ss");
        all.put(MethodId.CHANNEL_OPEN, "s");
        all.put(MethodId.CHANNEL_FLOW, "[active]");
        all.put(MethodId.CHANNEL_CLOSE, "hshh");
        all.put(MethodId.EXCHANGE_DECLARE, "rss[passive,durable,auto-delete,internal,no-wait]t");
        all.put(MethodId.EXCHANGE_DELETE, "rs[if-unused,no-wait]");
        all.put(MethodId.EXCHANGE_BIND, "rsss[no-wait]t");
        all.put(MethodId.EXCHANGE_UNBIND, "rsss[no-wait]t");
        all.put(MethodId.QUEUE_DECLARE, "rs[passive,durable,exclusive,auto-delete,no-wait]t");
        all.put(MethodId.QUEUE_BIND, "rsss[no-wait]t");
        all.put(MethodId.QUEUE_UNBIND, "rssst");
        all.put(MethodId.QUEUE_PURGE, "rs[no-wait]");
        all.put(MethodId.QUEUE_DELETE, "rs[if-unused,if-empty,no-wait]");
        all.put(MethodId.BASIC_QOS, "ih[global]");
        all.put(MethodId.BASIC_CONSUME, "rss[no-local,no-ack,exclusive,no-wait]t");
        all.put(MethodId.BASIC_CANCEL, "s[no-wait]");
        all.put(MethodId.BASIC_PUBLISH, "rss[mandatory,immediate]");
        all.put(MethodId.BASIC_GET, "rs[no-ack]");
        all.put(MethodId.BASIC_ACK, "l[multiple]");
        all.put(MethodId.BASIC_REJECT, "l[requeue]");
        all.put(MethodId.BASIC_NACK, "l[multiple,requeue]");
        all.put(MethodId.BASIC_RECOVER, "[requeue]");
        all.put(MethodId.BASIC_RECOVER_ASYNC, "[requeue]");
        all.put(MethodId.CONFIRM_SELECT, "[no-wait]");
        return all;
    }

    /** The frames of a line, bodies in frames of {@code frameBytesMax}. */
    public static byte[] of(String line, int frameBytesMax) {
        ByteWriter out = new ByteWriter(256);
        int colon = line.indexOf(" : ");
        List<String> words = new ArrayList<>(List.of((colon < 0 ? line : line.substring(0, colon)).split(" ")));
        int channel = Integer.parseInt(words.remove(0));
        MethodId method = MethodId.valueOf(
                words.remove(0).toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_'));
        List<String> fields = new ArrayList<>();
        words.removeIf(word -> word.indexOf('=') > 0 && fields.add(word));
        int mark = AmqpFrames.begin(out, channel, method);
        putArguments(out, LAYOUTS.getOrDefault(method, ""), words, fields);
        AmqpFrames.end(out, mark);
        if (method == MethodId.BASIC_PUBLISH) {
            byte[] body = (colon < 0 ? "" : line.substring(colon + 3)).getBytes(StandardCharsets.UTF_8);
            putContent(out, channel, properties(fields), body, frameBytesMax);
        }
        return out.toByteArray();
    }

    /** {@code connection.start-ok} of a client that announces capabilities. */
    public static byte[] startOk(String mechanism, byte[] response, String... capabilities) {
        TableBuilder announced = new TableBuilder();
        for (String capability : capabilities) {
            announced.flag(capability, true);
        }
        ByteWriter out = new ByteWriter(256);
        int mark = AmqpFrames.begin(out, 0, MethodId.CONNECTION_START_OK);
        new TableBuilder()
                .text("product", "peer")
                .table("capabilities", announced)
                .put(out);
        ShortString.put(out, mechanism);
        out.putInt(response.length).put(response);
        ShortString.put(out, "en_US");
        AmqpFrames.end(out, mark);
        return out.toByteArray();
    }

    /** Header and body of a message. */
    static void putContent(ByteWriter out, int channel, PropertiesBuilder properties, byte[] body, int frameBytesMax) {
        ByteWriter made = new ByteWriter(64);
        properties.put(made);
        AmqpFrames.putContentHeader(out, channel, body.length, made.array(), 0, made.size());
        new BodyFrames().start(channel, 0, body.length, frameBytesMax).putAll(out, body);
    }

    /** A frame of any type. */
    public static byte[] frame(int type, int channel, byte... payload) {
        ByteWriter out = new ByteWriter(AmqpFrameReader.OVERHEAD_BYTES + payload.length);
        return out.put(type)
                .putShort(channel)
                .putInt(payload.length)
                .put(payload)
                .put(AmqpFrameReader.END)
                .toByteArray();
    }

    private static void putArguments(ByteWriter out, String layout, List<String> words, List<String> fields) {
        List<String> left = new ArrayList<>(words);
        int bitsAt = layout.indexOf('[');
        List<String> names = bitsAt < 0
                ? List.of()
                : List.of(layout.substring(bitsAt + 1, layout.indexOf(']')).split(","));
        int bits = 0;
        for (int i = 0; i < names.size(); i++) {
            bits |= left.remove(names.get(i)) ? 1 << i : 0;
        }
        for (int i = 0; i < layout.length(); i++) {
            char form = layout.charAt(i);
            switch (form) {
                case 'r' -> out.putShort(0);
                case '[' -> {
                    out.put(bits);
                    i = layout.indexOf(']');
                }
                case 't' -> putTable(out, fields);
                default -> putWord(out, form, left.isEmpty() ? "" : left.remove(0));
            }
        }
        if (!left.isEmpty()) {
            throw new IllegalArgumentException("left over: " + left);
        }
    }

    private static void putWord(ByteWriter out, char form, String word) {
        String text = word.equals(EMPTY) ? "" : word;
        long number = "bhil".indexOf(form) < 0 || text.isEmpty() ? 0 : Long.parseLong(text);
        switch (form) {
            case 's' -> ShortString.put(out, text);
            case 'S' -> {
                byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
                out.putInt(bytes.length).put(bytes);
            }
            case 'b' -> out.put((int) number);
            case 'h' -> out.putShort((int) number);
            case 'i' -> out.putInt((int) number);
            case 'l' -> out.putLong(number);
            default -> throw new IllegalArgumentException("form " + form);
        }
    }

    private static void putTable(ByteWriter out, List<String> fields) {
        int mark = out.skip(Integer.BYTES);
        fields.forEach(field -> putField(out, field));
        out.setInt(mark, out.size() - mark - Integer.BYTES);
    }

    /** Name and value; two of the same name stay two. */
    private static void putField(ByteWriter out, String field) {
        int equals = field.indexOf('=');
        if (field.charAt(Math.min(equals + 1, field.length() - 1)) == '~') {
            ShortString.put(out, field.substring(0, equals));
            putTyped(out, field.charAt(equals + 2), field.substring(equals + 3));
        } else {
            TableBuilder one = new TableBuilder();
            put(one, field);
            ByteWriter made = new ByteWriter(64);
            one.put(made);
            out.put(made.array(), Integer.BYTES, made.size() - Integer.BYTES);
        }
    }

    private static void putTyped(ByteWriter out, char letter, String value) {
        out.put(letter);
        switch (letter) {
            case 'b', 'B', 't' -> out.put(Integer.parseInt(value));
            case 's', 'u' -> out.putShort(Integer.parseInt(value));
            case 'I', 'i' -> out.putInt((int) Long.parseLong(value));
            case 'l', 'L', 'T' -> out.putLong(Long.parseLong(value));
            case 'f' -> out.putInt(Float.floatToIntBits(Float.parseFloat(value)));
            case 'd' -> out.putLong(Double.doubleToLongBits(Double.parseDouble(value)));
            case 'D' -> out.put(0).putInt(Integer.parseInt(value));
            case 'S', 'x' -> putWord(out, 'S', value);
            case 'V' -> {}
            default -> throw new IllegalArgumentException("letter " + letter);
        }
    }

    private static void put(TableBuilder table, String field) {
        int equals = field.indexOf('=');
        String name = field.substring(0, equals);
        String value = field.substring(equals + 1);
        if (value.startsWith("[")) {
            ArrayBuilder array = new ArrayBuilder();
            for (String each : value.substring(1, value.length() - 1).split(",")) {
                array.text(each);
            }
            table.array(name, array);
        } else if (value.matches("-?[0-9]{1,9}")) {
            table.integer(name, Integer.parseInt(value));
        } else if (value.equals("true") || value.equals("false")) {
            table.flag(name, value.equals("true"));
        } else {
            table.text(name, value.equals(EMPTY) ? "" : value);
        }
    }

    private static PropertiesBuilder properties(List<String> fields) {
        PropertiesBuilder made = new PropertiesBuilder();
        List<String> headers = new ArrayList<>();
        for (String field : fields) {
            int equals = field.indexOf('=');
            String name = field.substring(0, equals);
            String value = field.substring(equals + 1).replace('_', ' ');
            switch (name) {
                case "delivery-mode" -> made.deliveryMode(Integer.parseInt(value));
                case "priority" -> made.priority(Integer.parseInt(value));
                case "timestamp" -> made.timestamp(Long.parseLong(value));
                default -> {
                    if (name.startsWith("h.")) {
                        headers.add(field.substring(2));
                    } else {
                        made.text(property(name), value.equals(EMPTY) ? "" : value);
                    }
                }
            }
        }
        return headers.isEmpty() ? made : made.headers(new TableBuilder().putAll(table(headers)));
    }

    private static FieldTable table(List<String> fields) {
        ByteWriter out = new ByteWriter(64);
        putTable(out, fields);
        return Objects.requireNonNull(FieldTable.read(out.array(), Integer.BYTES, out.size() - Integer.BYTES));
    }

    private static BasicProperty property(String name) {
        return BasicProperty.valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_'));
    }
}
