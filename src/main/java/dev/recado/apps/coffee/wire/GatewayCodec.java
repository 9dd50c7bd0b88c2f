package dev.recado.apps.coffee.wire;

import dev.recado.apps.coffee.data.CoffeeTable;
import dev.recado.apps.coffee.wire.GatewayFrame.Fetched;
import dev.recado.apps.coffee.wire.GatewayFrame.Hello;
import dev.recado.apps.coffee.wire.GatewayFrame.Left;
import dev.recado.apps.coffee.wire.GatewayFrame.Position;
import dev.recado.apps.coffee.wire.GatewayFrame.Progress;
import dev.recado.apps.coffee.wire.GatewayFrame.RefusalCode;
import dev.recado.apps.coffee.wire.GatewayFrame.Refused;
import dev.recado.apps.coffee.wire.GatewayFrame.ResultEnd;
import dev.recado.apps.coffee.wire.GatewayFrame.ResultSlice;
import dev.recado.apps.coffee.wire.GatewayFrame.Rows;
import dev.recado.apps.coffee.wire.GatewayFrame.Taken;
import dev.recado.apps.coffee.wire.GatewayFrame.Welcome;
import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;
import dev.recado.base.Check;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Frames between client and gateway, over TCP. Numbers are big-endian where a width stands here, else varints (LEB128,
 * unsigned); texts are UTF-8 with their length in bytes before them as a varint.
 *
 * <pre>
 *  0        4        5
 * +--------+--------+---------------------
 * | length | type   | body, length - 1 bytes
 * | 4      | 1 byte |
 * +--------+--------+---------------------
 *
 *  from  type  frame         body
 *  C     1     Hello         version 1 (1 byte) · session (16 bytes) · resumed (0 or 1)
 *  C     2     Rows          a batch, as of BatchCodec
 *  C     3     Fetched       –
 *  G     4     Welcome       count · positions
 *  G     5     Refused       code (1 byte) · text
 *  G     6     Taken         position
 *  G     7     Progress      tables done (1 byte)
 *  G     8     ResultSlice   bytes of the answer
 *  G     9     ResultEnd     length (8) · CRC-32C (4)
 *  C     10    Left          –
 *
 *  position: table (1 byte) · batches · rows · ended (0 or 1)
 * </pre>
 *
 * <p>A decoder that meets anything else, or bytes behind the end of a frame, calls it malformed.
 */
public final class GatewayCodec {

    /** Of one frame without its length. */
    public static final int LENGTH_MAX = BatchCodec.BYTES_MAX + 1;

    /** Of one slice of an answer. */
    public static final int SLICE_BYTES = 1 << 18;

    /** Of a Hello without its length. */
    public static final int HELLO_BYTES = 19;

    static final int LENGTH_BYTES = 4;

    private static final int VERSION = 1;
    private static final int TEXT_BYTES_MAX = 2_000;
    private static final int HELLO = 1;
    private static final int ROWS = 2;
    private static final int FETCHED = 3;
    private static final int WELCOME = 4;
    private static final int REFUSED = 5;
    private static final int TAKEN = 6;
    private static final int PROGRESS = 7;
    private static final int RESULT_SLICE = 8;
    private static final int RESULT_END = 9;
    private static final int LEFT = 10;

    private GatewayCodec() {}

    /** The whole frame with its length. */
    public static byte[] encode(GatewayFrame frame) {
        ByteWriter out = new ByteWriter(64);
        out.putInt(0);
        if (frame instanceof Hello hello) {
            out.put(HELLO).put(VERSION);
            out.putLong(hello.session().getMostSignificantBits());
            out.putLong(hello.session().getLeastSignificantBits());
            out.put(hello.isResumed() ? 1 : 0);
        } else if (frame instanceof Rows rows) {
            out.put(ROWS).put(BatchCodec.encode(rows.batch()));
        } else if (frame instanceof Fetched) {
            out.put(FETCHED);
        } else if (frame instanceof Left) {
            out.put(LEFT);
        } else if (frame instanceof Welcome welcome) {
            out.put(WELCOME).putVarLong(welcome.positions().size());
            welcome.positions().forEach(position -> put(out, position));
        } else if (frame instanceof Refused refused) {
            out.put(REFUSED).put(refused.code().number()).putString(refused.text());
        } else if (frame instanceof Taken taken) {
            out.put(TAKEN);
            put(out, taken.position());
        } else if (frame instanceof Progress progress) {
            out.put(PROGRESS).put(progress.tablesDone());
        } else if (frame instanceof ResultSlice slice) {
            out.put(RESULT_SLICE).put(slice.bytes());
        } else if (frame instanceof ResultEnd end) {
            out.put(RESULT_END).putLong(end.length()).putInt(end.crc());
        }
        int length = out.size() - LENGTH_BYTES;
        Check.that(length <= LENGTH_MAX, "frame too long", length);
        out.setInt(0, length);
        return out.toByteArray();
    }

    private static void put(ByteWriter out, Position position) {
        out.put(position.table().code()).putVarLong(position.batches()).putVarLong(position.rows());
        out.put(position.isEnded() ? 1 : 0);
    }

    /** A frame from its type on, without its length; null where it is malformed. */
    static @Nullable GatewayFrame decode(byte[] bytes, int from, int length) {
        ByteReader in = new ByteReader(bytes, from, length);
        int type = in.readByte();
        GatewayFrame frame =
                switch (type) {
                    case HELLO -> hello(in);
                    case ROWS -> rows(in);
                    case FETCHED -> new Fetched();
                    case LEFT -> new Left();
                    case WELCOME -> welcome(in);
                    case REFUSED -> refused(in);
                    case TAKEN -> taken(in);
                    case PROGRESS -> new Progress(in.readByte());
                    case RESULT_SLICE -> new ResultSlice(in.readBytes(in.remaining()));
                    case RESULT_END -> new ResultEnd(in.readLong(), in.readInt());
                    default -> null;
                };
        return in.consumed() ? frame : null;
    }

    private static @Nullable Hello hello(ByteReader in) {
        int version = in.readByte();
        UUID session = new UUID(in.readLong(), in.readLong());
        int resumed = in.readByte();
        return version == VERSION && resumed <= 1 ? new Hello(session, resumed == 1) : null;
    }

    private static @Nullable Rows rows(ByteReader in) {
        int length = in.remaining();
        Batch batch = BatchCodec.decode(in.array(), in.skip(length), length);
        return batch == null ? null : new Rows(batch);
    }

    private static @Nullable Welcome welcome(ByteReader in) {
        int count = in.readVarInt(CoffeeTable.inputs().size());
        List<Position> positions = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Position position = position(in);
            if (position == null) {
                return null;
            }
            positions.add(position);
        }
        return new Welcome(positions);
    }

    private static @Nullable Taken taken(ByteReader in) {
        Position position = position(in);
        return position == null ? null : new Taken(position);
    }

    private static @Nullable Position position(ByteReader in) {
        CoffeeTable table = CoffeeTable.ofCode(in.readByte());
        long batches = in.readVarLong();
        long rows = in.readVarLong();
        int ended = in.readByte();
        boolean sound = batches >= 0 && rows >= 0 && ended <= 1;
        return table != null && sound ? new Position(table, batches, rows, ended == 1) : null;
    }

    private static @Nullable Refused refused(ByteReader in) {
        int number = in.readByte();
        String text = in.remaining() <= TEXT_BYTES_MAX ? in.readString() : "";
        for (RefusalCode code : RefusalCode.values()) {
            if (code.number() == number) {
                return new Refused(code, text);
            }
        }
        return null;
    }
}
