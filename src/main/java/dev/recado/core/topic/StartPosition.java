package dev.recado.core.topic;

import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;
import dev.recado.base.Check;
import dev.recado.base.Quantities;
import org.jspecify.annotations.Nullable;

/** Where a new group, a reset or a browse begins. Immutable. */
public sealed interface StartPosition {

    /** What {@link #parse} takes, for a refusal's text. */
    String ALLOWED = "first, last, next, <offset> or @<epoch millis>";

    /** The oldest message that is kept. */
    record First() implements StartPosition {}

    /** The newest message that is stored. */
    record Last() implements StartPosition {}

    /** Behind the newest message: only what comes from now on. */
    record Next() implements StartPosition {}

    /** The message at {@code offset}, from 0, or the next one kept. */
    record AtOffset(long offset) implements StartPosition {
        public AtOffset {
            Check.that(offset >= 0, "negative offset", offset);
        }
    }

    /** The first message published at {@code ms} of the wall clock or later, but not later than now. */
    record AtTime(long ms) implements StartPosition {
        public AtTime {
            Check.that(ms >= 0, "time before the epoch", ms);
        }
    }

    static StartPosition first() {
        return new First();
    }

    static StartPosition last() {
        return new Last();
    }

    static StartPosition next() {
        return new Next();
    }

    /** Reads what {@link #ALLOWED} says; null for anything else. */
    static @Nullable StartPosition parse(String text) {
        return switch (text) {
            case "first" -> first();
            case "last" -> last();
            case "next" -> next();
            default -> parseNumber(text);
        };
    }

    private static @Nullable StartPosition parseNumber(String text) {
        boolean isTime = text.startsWith("@");
        long number = Quantities.number(isTime ? text.substring(1) : text);
        if (number == Quantities.INVALID) {
            return null;
        }
        return isTime ? new AtTime(number) : new AtOffset(number);
    }

    /** As {@link #parse} reads it. */
    default String text() {
        if (this instanceof AtOffset at) {
            return Long.toString(at.offset());
        }
        if (this instanceof AtTime at) {
            return "@" + at.ms();
        }
        return this instanceof First ? "first" : this instanceof Last ? "last" : "next";
    }

    default void encode(ByteWriter out) {
        if (this instanceof AtOffset at) {
            out.put(3).putVarLong(at.offset());
        } else if (this instanceof AtTime at) {
            out.put(4).putVarLong(at.ms());
        } else {
            out.put(this instanceof First ? 0 : this instanceof Last ? 1 : 2);
        }
    }

    /** Reads what {@link #encode} wrote; anything else turns {@code in.failed()} on. */
    static StartPosition decode(ByteReader in) {
        return switch (in.readVarInt(4)) {
            case 0 -> first();
            case 1 -> last();
            case 2 -> next();
            case 3 -> new AtOffset(Decoding.readCount(in));
            default -> new AtTime(Decoding.readCount(in));
        };
    }
}
