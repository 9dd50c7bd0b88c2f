package dev.recado.transport.text.wire;

import dev.recado.base.PercentCodec;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/**
 * Reads what a broker says on a text session, one frame at a time, without copying:
 *
 * <pre>
 * OK[:rest]⏎   OK:MSG_ID:id⏎   OK:MSG_IDS:first:last⏎   OK:ROUTED:n⏎   HELD⏎   ERROR:text[ seq=n]⏎   PONG⏎
 * ACKED:sid:id⏎   NOTIFY:MESSAGES_AVAILABLE:n⏎   END:sid:reason⏎   BLOCKED:words⏎   UNBLOCKED⏎
 * REP:bytes⏎payload⏎   line⏎   .⏎
 * MSG:sid:id:attempt[:time]:bytes⏎payload⏎   MSG:sid:id:attempt[:time]:key:headers:bytes⏎payload⏎
 * id = offset | partition-offset   time = milliseconds since 1970
 * ⏎ = LF, a CR before it is ignored except after a payload
 * </pre>
 *
 * <p>A flyweight: its accessors describe the frame last decoded, as indices into the array given, and are valid until
 * the next call. It never throws for what a peer sent; it allocates nothing but the texts asked for. A line longer than
 * {@code lineBytesMax} and a payload longer than {@code payloadBytesMax} are malformed as soon as that is known. After
 * {@link Outcome#MALFORMED} the stream cannot be trusted. Not thread-safe: one owner.
 */
public final class ReplyDecoder {

    /** What {@link #decode} found. */
    public enum Outcome {
        /** The frame is incomplete: decode again from the same start with more bytes. */
        NEED_MORE,
        /** A frame; the next begins at {@link #end()}. */
        FRAME,
        /** Not the text protocol, or beyond a limit; see {@link #malformed()}. */
        MALFORMED
    }

    private static final byte[] MSG = ascii("MSG:");
    private static final byte[] OK = ascii("OK");
    private static final byte[] MSG_ID = ascii("OK:MSG_ID:");
    private static final byte[] MSG_IDS = ascii("OK:MSG_IDS:");
    private static final byte[] ROUTED = ascii("OK:ROUTED:");
    private static final byte[] HELD = ascii("HELD");
    private static final byte[] ERROR = ascii("ERROR:");
    private static final byte[] PONG = ascii("PONG");
    private static final byte[] REP = ascii("REP:");
    private static final byte[] ACKED = ascii("ACKED:");
    private static final byte[] NOTIFY = ascii("NOTIFY:MESSAGES_AVAILABLE:");
    private static final byte[] END = ascii("END:");
    private static final byte[] BLOCKED = ascii("BLOCKED:");
    private static final byte[] UNBLOCKED = ascii("UNBLOCKED");
    private static final byte[] SEQ = ascii(" seq=");
    private static final byte[] NOTHING = {};
    private static final int FIELDS_MAX = 8;

    private final int lineBytesMax;
    private final int payloadBytesMax;
    private final int[] fieldStart = new int[FIELDS_MAX + 1];

    private boolean contentExpected;
    private int scanned;
    private int needed;

    private byte[] bytes = NOTHING;
    private ReplyKind kind = ReplyKind.LINE;
    private int end;
    private int textStart;
    private int textEnd;
    private long number;
    private int partition;
    private long firstOffset;
    private long lastOffset;
    private int attempt;
    private long publishTimeMs;
    private int keyStart;
    private int keyEnd;
    private int headersStart;
    private int headersEnd;
    private int payloadStart;
    private int payloadEnd;
    private String malformed = "";

    public ReplyDecoder(int lineBytesMax, int payloadBytesMax) {
        this.lineBytesMax = lineBytesMax;
        this.payloadBytesMax = payloadBytesMax;
    }

    /**
     * Tells whether the next reply answers a classic {@code GET}, or lies in a list: then a line that is neither a push
     * nor an {@code ERROR} is content, whatever it looks like. The protocol itself leaves open what a payload means
     * that begins with {@code NOTIFY:MESSAGES_AVAILABLE:} or {@code ERROR:}.
     */
    public void expectContent(boolean expected) {
        contentExpected = expected;
    }

    /** Decodes the frame that begins at {@code start}; {@code to} is where the bytes received so far end. */
    public Outcome decode(byte[] source, int start, int to) {
        if (to - start < needed) {
            return Outcome.NEED_MORE;
        }
        int lineEnd = start + scanned;
        while (lineEnd < to && source[lineEnd] != '\n') {
            lineEnd++;
        }
        if (lineEnd - start > lineBytesMax) {
            return malformed("line too long, limit=" + lineBytesMax);
        }
        if (lineEnd == to) {
            scanned = lineEnd - start;
            needed = scanned + 1;
            return Outcome.NEED_MORE;
        }
        scanned = lineEnd - start;
        bytes = source;
        end = lineEnd + 1;
        textStart = start;
        textEnd = lineEnd > start && source[lineEnd - 1] == '\r' ? lineEnd - 1 : lineEnd;
        Outcome outcome = line(start, to);
        if (outcome == Outcome.FRAME) {
            scanned = 0;
            needed = 0;
        }
        return outcome;
    }

    private Outcome line(int start, int to) {
        if (contentExpected) {
            return content(start);
        }
        return switch (start < textEnd ? bytes[start] : 0) {
            case 'H' -> frame(is(HELD) ? ReplyKind.HELD : ReplyKind.LINE, start);
            case 'M' -> begins(MSG) ? message(start, to) : frame(ReplyKind.LINE, start);
            case 'O' -> ok(start);
            case 'E' -> begins(ERROR) ? error(start) : begins(END) ? ended(start) : frame(ReplyKind.LINE, start);
            case 'A' -> begins(ACKED) ? acked(start) : frame(ReplyKind.LINE, start);
            case 'B' ->
                begins(BLOCKED) ? frame(ReplyKind.BLOCKED, start + BLOCKED.length) : frame(ReplyKind.LINE, start);
            case 'U' -> frame(is(UNBLOCKED) ? ReplyKind.UNBLOCKED : ReplyKind.LINE, start);
            case 'N' ->
                begins(NOTIFY) ? counted(ReplyKind.NOTIFY, start + NOTIFY.length) : frame(ReplyKind.LINE, start);
            case 'P' -> frame(is(PONG) ? ReplyKind.PONG : ReplyKind.LINE, start);
            case 'R' -> begins(REP) ? replied(start, to) : frame(ReplyKind.LINE, start);
            case '.' -> frame(textEnd - start == 1 ? ReplyKind.LIST_END : ReplyKind.LINE, start);
            default -> frame(ReplyKind.LINE, start);
        };
    }

    private Outcome content(int start) {
        if (begins(NOTIFY)) {
            return counted(ReplyKind.NOTIFY, start + NOTIFY.length);
        }
        return begins(ERROR) ? error(start) : frame(ReplyKind.LINE, start);
    }

    private Outcome ok(int start) {
        if (begins(MSG_IDS)) {
            int fields = split(start + MSG_IDS.length);
            return fields == 2 && id(0) && upTo(1)
                    ? frame(ReplyKind.STORED, start)
                    : malformed("MSG_IDS without two ids in order");
        }
        if (begins(MSG_ID)) {
            return split(start + MSG_ID.length) == 1 && id(0)
                    ? frame(ReplyKind.STORED, start)
                    : malformed("MSG_ID without an id");
        }
        if (begins(ROUTED)) {
            return counted(ReplyKind.ROUTED, start + ROUTED.length);
        }
        if (is(OK)) {
            return frame(ReplyKind.OK, textEnd);
        }
        return begins(OK) && bytes[start + 2] == ':' ? frame(ReplyKind.OK, start + 3) : frame(ReplyKind.LINE, start);
    }

    private Outcome error(int start) {
        number = -1;
        int digits = textEnd;
        while (digits > start && bytes[digits - 1] >= '0' && bytes[digits - 1] <= '9') {
            digits--;
        }
        int suffix = digits - SEQ.length;
        if (digits < textEnd && suffix >= start + ERROR.length && matches(SEQ, suffix)) {
            number = decimal(digits, textEnd);
            textEnd = number >= 0 ? suffix : textEnd;
        }
        return frame(ReplyKind.ERROR, start + ERROR.length);
    }

    private Outcome ended(int start) {
        int fields = split(start + END.length);
        number = decimal(fieldStart[0], fieldEnd(0));
        if (number < 0) {
            return malformed("END without a subscription");
        }
        return frame(ReplyKind.END, fields > 1 ? fieldStart[1] : textEnd);
    }

    private Outcome acked(int start) {
        if (split(start + ACKED.length) != 2 || !id(1)) {
            return malformed("ACKED without an id");
        }
        number = decimal(fieldStart[0], fieldEnd(0));
        return number < 0 ? malformed("ACKED without a subscription") : frame(ReplyKind.ACKED, start);
    }

    private Outcome counted(ReplyKind counting, int from) {
        number = decimal(from, textEnd);
        return number < 0 ? malformed(counting + " without a count") : frame(counting, from);
    }

    private Outcome replied(int start, int to) {
        return payload(ReplyKind.REP, start, start + REP.length, textEnd, to);
    }

    private Outcome message(int start, int to) {
        int fields = split(start + MSG.length);
        if (fields < 4 || fields > 7) {
            return malformed("MSG with fields=" + fields);
        }
        number = decimal(fieldStart[0], fieldEnd(0));
        long times = decimal(fieldStart[2], fieldEnd(2));
        if (number < 0 || !id(1) || times < 0 || times > Integer.MAX_VALUE) {
            return malformed("MSG with a field that is no number");
        }
        attempt = (int) times;
        boolean timed = fields == 5 || fields == 7;
        publishTimeMs = timed ? decimal(fieldStart[3], fieldEnd(3)) : -1;
        if (timed && publishTimeMs < 0) {
            return malformed("MSG with a time that is no number");
        }
        boolean rich = fields >= 6;
        int key = timed ? 4 : 3;
        keyStart = fieldStart[key];
        keyEnd = rich ? fieldEnd(key) : keyStart;
        headersStart = rich ? fieldStart[key + 1] : keyStart;
        headersEnd = rich ? fieldEnd(key + 1) : keyStart;
        if (!PercentCodec.isWellFormed(bytes, keyStart, headersEnd - keyStart)) {
            return malformed("MSG with a % that lacks its digits");
        }
        return payload(ReplyKind.MSG, start, fieldStart[fields - 1], textEnd, to);
    }

    private Outcome payload(ReplyKind carrier, int start, int lengthFrom, int lengthTo, int to) {
        long length = decimal(lengthFrom, lengthTo);
        if (length < 0 || length > payloadBytesMax) {
            return malformed(carrier + " with a length outside 0 to " + payloadBytesMax);
        }
        payloadStart = end;
        payloadEnd = payloadStart + (int) length;
        if (to <= payloadEnd) {
            needed = payloadEnd - start + 1;
            return Outcome.NEED_MORE;
        }
        if (bytes[payloadEnd] != '\n') {
            return malformed(carrier + " without a line end after its payload");
        }
        end = payloadEnd + 1;
        return frame(carrier, start);
    }

    private Outcome frame(ReplyKind found, int from) {
        kind = found;
        textStart = from;
        return Outcome.FRAME;
    }

    private Outcome malformed(String what) {
        malformed = what;
        return Outcome.MALFORMED;
    }

    /** Splits the rest of the line at its colons; answers the number of fields, at most {@link #FIELDS_MAX}. */
    private int split(int from) {
        int fields = 0;
        fieldStart[fields++] = from;
        for (int i = from; i < textEnd && fields < FIELDS_MAX; i++) {
            if (bytes[i] == ':') {
                fieldStart[fields++] = i + 1;
            }
        }
        fieldStart[fields] = textEnd + 1;
        return fields;
    }

    private int fieldEnd(int field) {
        return fieldStart[field + 1] - 1;
    }

    /** Reads a message id into partition, first and last offset; answers false where the field is none. */
    private boolean id(int field) {
        int from = fieldStart[field];
        int to = fieldEnd(field);
        int dash = from;
        while (dash < to && bytes[dash] != '-') {
            dash++;
        }
        partition = -1;
        if (dash < to) {
            long index = decimal(from, dash);
            if (index < 0 || index > Integer.MAX_VALUE) {
                return false;
            }
            partition = (int) index;
            from = dash + 1;
        }
        firstOffset = decimal(from, to);
        lastOffset = firstOffset;
        return firstOffset >= 0;
    }

    private boolean upTo(int field) {
        int firstPartition = partition;
        long first = firstOffset;
        boolean good = id(field) && partition == firstPartition && lastOffset >= first;
        firstOffset = first;
        return good;
    }

    /** A number of 1 to 18 digits, or -1. */
    private long decimal(int from, int to) {
        if (to <= from || to - from > 18) {
            return -1;
        }
        long value = 0;
        for (int i = from; i < to; i++) {
            int digit = bytes[i] - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return value;
    }

    private boolean begins(byte[] word) {
        return textEnd - textStart >= word.length && matches(word, textStart);
    }

    private boolean is(byte[] word) {
        return textEnd - textStart == word.length && matches(word, textStart);
    }

    private boolean matches(byte[] word, int at) {
        for (int i = 0; i < word.length; i++) {
            if (bytes[at + i] != word[i]) {
                return false;
            }
        }
        return true;
    }

    private static byte[] ascii(String word) {
        return word.getBytes(StandardCharsets.US_ASCII);
    }

    /** After {@link Outcome#NEED_MORE}: how many bytes from the frame's start are needed at least to go on. */
    public int neededBytes() {
        return needed;
    }

    /** After {@link Outcome#MALFORMED}: what is wrong. */
    public String malformed() {
        return malformed;
    }

    /** Index of the byte after the frame. */
    public int end() {
        return end;
    }

    public ReplyKind kind() {
        return kind;
    }

    /**
     * The line without what names its kind: the rest of an OK, the text of an ERROR without its number, a list's line.
     */
    public String text() {
        return new String(bytes, textStart, textEnd - textStart, StandardCharsets.UTF_8);
    }

    /** The subscription of MSG, END and ACKED, the count of NOTIFY and ROUTED, the sequence of ERROR (-1: none). */
    public long number() {
        return number;
    }

    /** The partition in the id of STORED, MSG and ACKED; -1 where the topic has one partition. */
    public int partition() {
        return partition;
    }

    /** The offset in the id of STORED, MSG and ACKED. */
    public long firstOffset() {
        return firstOffset;
    }

    /** The last offset of STORED, the same as the first unless it tells of several. */
    public long lastOffset() {
        return lastOffset;
    }

    /** How often a MSG has been delivered, this time included. */
    public int attempt() {
        return attempt;
    }

    /** When a MSG was published, in ms since 1970; -1 where its subscription did not ask for the time. */
    public long publishTimeMs() {
        return publishTimeMs;
    }

    /** The key of a MSG, empty where it has none. */
    public String key() {
        return Objects.requireNonNull(PercentCodec.decodeReplacing(bytes, keyStart, keyEnd - keyStart));
    }

    /** Whether a MSG has headers. */
    public boolean hasHeaders() {
        return headersEnd > headersStart;
    }

    /** The headers of a MSG as they are encoded; see {@link HeaderList#read}. */
    public byte[] headers() {
        return Arrays.copyOfRange(bytes, headersStart, headersEnd);
    }

    /** Whether a MSG has a key. */
    public boolean hasKey() {
        return keyEnd > keyStart;
    }

    /** A copy of the payload of MSG or REP. */
    public byte[] payload() {
        return Arrays.copyOfRange(bytes, payloadStart, payloadEnd);
    }

    /** Where the payload of MSG or REP begins in the array given. */
    public int payloadStart() {
        return payloadStart;
    }

    /** Bytes of the payload of MSG or REP. */
    public int payloadLength() {
        return payloadEnd - payloadStart;
    }
}
