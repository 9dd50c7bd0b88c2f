package dev.recado.apps.coffee.wire;

import dev.recado.apps.coffee.data.CoffeeRow;
import dev.recado.apps.coffee.data.CoffeeRow.Answer;
import dev.recado.apps.coffee.data.CoffeeRow.GroupSum;
import dev.recado.apps.coffee.data.CoffeeRow.Naming;
import dev.recado.apps.coffee.data.CoffeeRow.Sale;
import dev.recado.apps.coffee.data.CoffeeRow.SaleItem;
import dev.recado.apps.coffee.data.CoffeeTable;
import dev.recado.apps.coffee.data.RowRules;
import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;
import dev.recado.base.Check;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A batch as the body of a message and of a frame. Numbers are varints (LEB128, unsigned), texts UTF-8 with their
 * length in bytes before them as a varint.
 *
 * <pre>
 *  0         1          17       18      19
 * +---------+----------+--------+-------+-----------+--------+-----------+------------
 * | version | session  | table  | flags |  number   |  kind  |   count   |  rows …
 * | 1       | UUID, 16 | 1 byte | 1 byte|  varint   | 1 byte |   varint  |
 * +---------+----------+--------+-------+-----------+--------+-----------+------------
 *  flags: 1 = end of the table, 2 = not complete (of a batch: its rows were lost); no other bit
 *
 *  kind 0  no rows
 *  kind 1  sale       text id · store · user, 0 for unknown · amount in cents · moment
 *  kind 2  sale item  text id · item · quantity · subtotal in cents · moment
 *  kind 3  naming     id · text name
 *  kind 4  group sum  group · member · count · cents
 *  kind 5  answer     number of fields · text of each
 * </pre>
 *
 * <p>A decoder that meets anything else, or bytes behind the last row, calls it malformed. What rows may hold is for
 * {@link RowRules}.
 */
public final class BatchCodec {

    /** Of one batch. */
    public static final int ROWS_MAX = RowRules.BATCH_ROWS_MAX;

    /** Of one batch in bytes: far below what brokers take, and so little that a node can hold all that come ahead. */
    public static final int BYTES_MAX = 1 << 20;

    private static final int VERSION = 1;
    private static final int EOS = 1;
    private static final int INCOMPLETE = 2;
    private static final int FIELDS_MAX = 16;
    private static final int NO_ROWS = 0;
    private static final int SALE = 1;
    private static final int SALE_ITEM = 2;
    private static final int NAMING = 3;
    private static final int GROUP_SUM = 4;
    private static final int ANSWER = 5;

    /** The fewest bytes that a row of each kind takes, so that a count is checked before a list is made. */
    private static final int[] ROW_BYTES_MIN = {1, 5, 5, 2, 4, 1};

    /** Of all that stands before the rows of a batch. */
    public static final int HEAD_BYTES_MAX = 19 + 10 + 1 + 3;

    private BatchCodec() {}

    /** Of one row in a batch; a little more where a text has surrogates. */
    public static int bytes(CoffeeRow row) {
        if (row instanceof Sale sale) {
            return bytes(sale.id())
                    + bytes(sale.storeId())
                    + bytes(sale.userId())
                    + bytes(sale.amountCents())
                    + bytes(sale.moment());
        } else if (row instanceof SaleItem item) {
            return bytes(item.saleId())
                    + bytes(item.itemId())
                    + bytes(item.quantity())
                    + bytes(item.subtotalCents())
                    + bytes(item.moment());
        } else if (row instanceof Naming naming) {
            return bytes(naming.id()) + bytes(naming.name());
        } else if (row instanceof GroupSum sum) {
            return bytes(sum.group()) + bytes(sum.member()) + bytes(sum.count()) + bytes(sum.cents());
        }
        return 1 + ((Answer) row).fields().stream().mapToInt(BatchCodec::bytes).sum();
    }

    private static int bytes(long number) {
        return Math.max(1, (Long.SIZE - Long.numberOfLeadingZeros(number) + 6) / 7);
    }

    private static int bytes(String text) {
        int bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            bytes += c < 0x80 ? 1 : c < 0x800 ? 2 : 3;
        }
        return bytes((long) bytes) + bytes;
    }

    public static byte[] encode(Batch batch) {
        Check.that(
                batch.rows().size() <= ROWS_MAX, "too many rows", batch.rows().size());
        ByteWriter out = new ByteWriter(32 + 32 * batch.rows().size());
        out.put(VERSION);
        out.putLong(batch.session().getMostSignificantBits());
        out.putLong(batch.session().getLeastSignificantBits());
        out.put(batch.table().code());
        out.put((batch.isEos() ? EOS : 0) | (batch.isComplete() ? 0 : INCOMPLETE));
        out.putVarLong(batch.number());
        int kind = batch.rows().isEmpty() ? NO_ROWS : kind(batch.rows().get(0));
        out.put(kind).putVarLong(batch.rows().size());
        for (CoffeeRow row : batch.rows()) {
            Check.that(kind(row) == kind, "rows of two kinds in one batch", kind, kind(row));
            put(out, row);
        }
        return out.toByteArray();
    }

    private static int kind(CoffeeRow row) {
        if (row instanceof Sale) {
            return SALE;
        } else if (row instanceof SaleItem) {
            return SALE_ITEM;
        } else if (row instanceof Naming) {
            return NAMING;
        }
        return row instanceof GroupSum ? GROUP_SUM : ANSWER;
    }

    private static void put(ByteWriter out, CoffeeRow row) {
        if (row instanceof Sale sale) {
            out.putString(sale.id()).putVarLong(sale.storeId()).putVarLong(sale.userId());
            out.putVarLong(sale.amountCents()).putVarLong(sale.moment());
        } else if (row instanceof SaleItem item) {
            out.putString(item.saleId()).putVarLong(item.itemId()).putVarLong(item.quantity());
            out.putVarLong(item.subtotalCents()).putVarLong(item.moment());
        } else if (row instanceof Naming naming) {
            out.putVarLong(naming.id()).putString(naming.name());
        } else if (row instanceof GroupSum sum) {
            out.putVarLong(sum.group())
                    .putVarLong(sum.member())
                    .putVarLong(sum.count())
                    .putVarLong(sum.cents());
        } else if (row instanceof Answer answer) {
            Check.that(
                    answer.fields().size() <= FIELDS_MAX,
                    "too many fields",
                    answer.fields().size());
            out.putVarLong(answer.fields().size());
            answer.fields().forEach(out::putString);
        }
    }

    /** Null where the bytes are malformed. */
    public static @Nullable Batch decode(byte[] body) {
        return decode(body, 0, body.length);
    }

    /** As {@link #decode(byte[])}, of a part of an array. */
    public static @Nullable Batch decode(byte[] body, int from, int length) {
        ByteReader in = new ByteReader(body, from, length);
        int version = in.readByte();
        UUID session = new UUID(in.readLong(), in.readLong());
        CoffeeTable table = CoffeeTable.ofCode(in.readByte());
        int flags = in.readByte();
        long number = in.readVarLong();
        int kind = in.readByte();
        boolean known = length <= BYTES_MAX
                && version == VERSION
                && table != null
                && flags <= (EOS | INCOMPLETE)
                && number >= 0
                && kind < ROW_BYTES_MIN.length;
        if (in.failed() || !known || table == null) {
            return null;
        }
        int count = in.readVarInt(Math.min(ROWS_MAX, in.remaining() / ROW_BYTES_MIN[kind]));
        boolean isEos = (flags & EOS) != 0;
        if (in.failed() || (kind == NO_ROWS) != (count == 0) || isEos && count > 0) {
            return null;
        }
        List<CoffeeRow> rows = new ArrayList<>(count);
        for (int i = 0; i < count && !in.failed(); i++) {
            rows.add(read(in, kind));
        }
        return in.consumed() ? new Batch(session, table, number, isEos, (flags & INCOMPLETE) == 0, rows) : null;
    }

    /**
     * Of bytes that are malformed behind their head: the batch or end that they were to be, without rows and not
     * complete. Null where not even that can be read.
     */
    public static @Nullable Batch decodeHead(byte[] body) {
        ByteReader in = new ByteReader(body);
        int version = in.readByte();
        UUID session = new UUID(in.readLong(), in.readLong());
        CoffeeTable table = CoffeeTable.ofCode(in.readByte());
        int flags = in.readByte();
        long number = in.readVarLong();
        boolean known = version == VERSION && flags <= (EOS | INCOMPLETE) && number >= 0;
        return in.failed() || !known || table == null
                ? null
                : new Batch(session, table, number, (flags & EOS) != 0, false, List.of());
    }

    private static CoffeeRow read(ByteReader in, int kind) {
        return switch (kind) {
            case SALE ->
                new Sale(in.readString(), in.readVarLong(), in.readVarLong(), in.readVarLong(), in.readVarLong());
            case SALE_ITEM ->
                new SaleItem(in.readString(), in.readVarLong(), in.readVarLong(), in.readVarLong(), in.readVarLong());
            case NAMING -> new Naming(in.readVarLong(), in.readString());
            case GROUP_SUM -> new GroupSum(in.readVarLong(), in.readVarLong(), in.readVarLong(), in.readVarLong());
            default -> answer(in);
        };
    }

    private static Answer answer(ByteReader in) {
        int count = in.readVarInt(FIELDS_MAX);
        List<String> fields = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            fields.add(in.readString());
        }
        return new Answer(fields);
    }
}
