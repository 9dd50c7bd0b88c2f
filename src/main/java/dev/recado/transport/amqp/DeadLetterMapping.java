package dev.recado.transport.amqp;

import dev.recado.base.ByteWriter;
import dev.recado.core.message.DeathHistory;
import dev.recado.core.message.Headers;
import dev.recado.core.message.MessageView;
import dev.recado.core.message.Origin;
import dev.recado.transport.amqp.wire.Address;
import dev.recado.transport.amqp.wire.ArrayBuilder;
import dev.recado.transport.amqp.wire.BasicProperty;
import dev.recado.transport.amqp.wire.ContentHeader;
import dev.recado.transport.amqp.wire.FieldCursor;
import dev.recado.transport.amqp.wire.PropertiesBuilder;
import dev.recado.transport.amqp.wire.TableBuilder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a message that was published again after it had died becomes one of AMQP: what its publisher sent, with its
 * history in the header {@code x-death}, the latest death first, and without its expiration. Makes garbage.
 */
final class DeadLetterMapping {

    private static final String DEATHS = "x-death";
    private static final String FIRST_EXCHANGE = "x-first-death-exchange";
    private static final String FIRST_QUEUE = "x-first-death-queue";
    private static final String FIRST_REASON = "x-first-death-reason";
    private static final String COPIES = "CC";
    private static final String COUNT = "count";
    private static final String QUEUE = "queue";
    private static final String REASON = "reason";
    private static final int SECOND_MS = 1_000;

    private DeadLetterMapping() {}

    /** Exchange and routing key by which it came to {@code topic}. */
    static Address address(MessageView message, String topic) {
        Origin origin = Origin.of(message, topic);
        return Address.of(origin.exchange(), origin.key());
    }

    /** Flags and properties. */
    static void putProperties(MessageView message, ByteWriter out) {
        ContentHeader own = own(message);
        TableBuilder table = new TableBuilder();
        if (own.has(BasicProperty.HEADERS)) {
            table.putAll(own.headers());
        }
        table.remove(DeathHistory.HEADER).remove(DeathHistory.EXCHANGE).remove(DeathHistory.KEY);
        boolean isKeyGiven = header(message, DeathHistory.KEY) != null;
        List<String> copies = copies(own);
        DeathHistory history = DeathHistory.of(message);
        boolean isTold = table.has(DEATHS);
        ArrayBuilder deaths = new ArrayBuilder();
        for (DeathHistory.Entry entry : history.entries()) {
            boolean hadCopies = entry.isFirst() || !isKeyGiven;
            TableBuilder death = table(raised(entry, own), hadCopies ? copies : List.of());
            boolean isUntouched = entry.isFirst() && entry.count() == 1 && !isTold;
            deaths.table(isUntouched ? death : death.sort());
            if (entry.isFirst() && !isTold) {
                table.text(FIRST_EXCHANGE, entry.exchange());
                table.text(FIRST_QUEUE, entry.queue());
                table.text(FIRST_REASON, entry.reason());
            }
        }
        putEarlier(own, history, deaths);
        if (!history.entries().isEmpty()) {
            table.array(DEATHS, deaths);
        }
        if (isKeyGiven) {
            table.remove(COPIES);
        }
        PropertiesBuilder.of(own)
                .remove(BasicProperty.EXPIRATION)
                .headers(table.sort())
                .put(out);
    }

    private static @Nullable String header(MessageView message, String name) {
        return Headers.find(message.bytes, message.headersStart, message.headersLength, name);
    }

    private static ContentHeader own(MessageView message) {
        ContentHeader header = new ContentHeader();
        if (MessageMapping.isNative(message)) {
            int address = MessageMapping.addressLength(message);
            header.readProperties(message.bytes, message.nativeStart + address, message.nativeLength - address);
        } else {
            ByteWriter made = new ByteWriter(64);
            MessageMapping.putProperties(message, null, made);
            header.readProperties(made.array(), 0, made.size());
        }
        return header;
    }

    private static List<String> copies(ContentHeader own) {
        FieldCursor at = new FieldCursor();
        List<String> keys = new ArrayList<>();
        if (own.findHeader(COPIES, at) && at.isArray()) {
            FieldCursor each = at.elements(new FieldCursor());
            while (each.next()) {
                if (each.isText()) {
                    keys.add(each.text());
                }
            }
        }
        return keys;
    }

    /** With the deaths of the same queue and reason that its publisher has told of. */
    private static DeathHistory.Entry raised(DeathHistory.Entry entry, ContentHeader own) {
        FieldCursor each = earlier(own);
        FieldCursor count = new FieldCursor();
        while (each.next()) {
            if (isOf(each, entry) && each.table().find(COUNT, count) && count.isInteger()) {
                return entry.raised(Math.max(0, count.integer()));
            }
        }
        return entry;
    }

    /** Those of which the history knows nothing, as they were sent. */
    private static void putEarlier(ContentHeader own, DeathHistory history, ArrayBuilder deaths) {
        FieldCursor each = earlier(own);
        while (each.next()) {
            FieldCursor death = each;
            if (history.entries().stream().noneMatch(entry -> isOf(death, entry))) {
                deaths.copy(each);
            }
        }
    }

    /** Before the first of the deaths that its publisher has told of. */
    private static FieldCursor earlier(ContentHeader own) {
        FieldCursor at = new FieldCursor();
        boolean isThere = own.findHeader(DEATHS, at) && at.isArray();
        return isThere ? at.elements(new FieldCursor()) : new FieldCursor();
    }

    private static boolean isOf(FieldCursor death, DeathHistory.Entry entry) {
        FieldCursor at = new FieldCursor();
        return death.isTable()
                && death.table().find(QUEUE, at)
                && at.isText()
                && at.text().equals(entry.queue())
                && death.table().find(REASON, at)
                && at.isText()
                && at.text().equals(entry.reason());
    }

    /** Its fields stand as in RabbitMQ's first entry; in one that was written again there they are in order. */
    private static TableBuilder table(DeathHistory.Entry entry, List<String> copies) {
        ArrayBuilder keys = new ArrayBuilder();
        entry.keys().forEach(keys::text);
        copies.forEach(keys::text);
        TableBuilder table = new TableBuilder()
                .integer(COUNT, entry.count())
                .text(REASON, entry.reason())
                .text(QUEUE, entry.queue())
                .timestamp("time", entry.timeMs() / SECOND_MS)
                .text("exchange", entry.exchange())
                .array("routing-keys", keys);
        if (entry.ttlMs() >= 0) {
            table.text("original-expiration", Long.toString(entry.ttlMs()));
        }
        return table;
    }
}
