package dev.recado.core.message;

import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;
import dev.recado.base.Check;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * What a header of a message is, or what a binding wants of it, with its kind. Immutable. Two of one kind are equal
 * where their values are, numbers whatever their width or digits behind the point; two kinds never are.
 */
public sealed interface HeaderValue {

    /** Longest number as it is written. */
    int NUMBER_CHARS_MAX = 64;
    /** Digits of a number, without zeros at its ends. */
    int NUMBER_DIGITS_MAX = 50;
    /** Furthest place of a number's last digit from its point. */
    int NUMBER_SCALE_MAX = 1_000_000;

    /** Whether a message with {@code given} has what a binding wants by this. */
    default boolean matches(HeaderValue given) {
        return equals(given);
    }

    /** As {@link #matches} for a text. */
    default boolean matchesText(String given) {
        return false;
    }

    /** As people write it: {@link #parse} reads it, but for {@link Present}, which is empty. */
    String literal();

    /** A text. */
    record Text(String text) implements HeaderValue {
        @Override
        public boolean matchesText(String given) {
            return text.equals(given);
        }

        @Override
        public String literal() {
            return '"' + text + '"';
        }
    }

    /** A number. */
    record Decimal(BigDecimal value) implements HeaderValue {
        public Decimal {
            value = value.stripTrailingZeros();
            Check.that(isBounded(value), "number beyond its bounds, digits", value.precision(), value.scale());
        }

        @Override
        public String literal() {
            String plain = value.toString();
            return value.scale() < 0 && value.scale() > -NUMBER_CHARS_MAX / 2 ? value.toPlainString() : plain;
        }
    }

    /** Yes or no. */
    record Flag(boolean value) implements HeaderValue {
        @Override
        public String literal() {
            return Boolean.toString(value);
        }
    }

    /** Bytes, which nobody changes. */
    record Bytes(byte[] value) implements HeaderValue {
        @Override
        public String literal() {
            return "0x" + HexFormat.of().formatHex(value);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Bytes bytes && Arrays.equals(value, bytes.value);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(value);
        }

        @Override
        public String toString() {
            return literal();
        }
    }

    /** Of a binding: any value will do. Of a message: the header is there, and has no value to compare. */
    record Present() implements HeaderValue {
        @Override
        public boolean matches(HeaderValue given) {
            return true;
        }

        @Override
        public boolean matchesText(String given) {
            return true;
        }

        @Override
        public String literal() {
            return "";
        }
    }

    /** What a binding wants that says it by a text alone: that text, or presence where it is empty. */
    static HeaderValue wanted(String text) {
        return text.isEmpty() ? new Present() : new Text(text);
    }

    /** A whole number. */
    static HeaderValue of(long number) {
        return new Decimal(BigDecimal.valueOf(number));
    }

    /** A number; null where it has more than {@link #NUMBER_DIGITS_MAX} digits or an exponent beyond use. */
    static @Nullable HeaderValue of(BigDecimal number) {
        return isBounded(number.stripTrailingZeros()) ? new Decimal(number) : null;
    }

    private static boolean isBounded(BigDecimal stripped) {
        return stripped.precision() <= NUMBER_DIGITS_MAX && Math.abs((long) stripped.scale()) <= NUMBER_SCALE_MAX;
    }

    /** The number that {@code number} is written as in the fewest digits; null where it is infinite or none. */
    static @Nullable HeaderValue of(double number) {
        return Double.isFinite(number) ? new Decimal(BigDecimal.valueOf(number)) : null;
    }

    /**
     * The value of a literal: {@code true}, {@code false}, a decimal number of at most {@link #NUMBER_DIGITS_MAX}
     * digits, bytes as {@code 0x} and hexadecimal digits, a text between quotation marks; null for all else.
     */
    static @Nullable HeaderValue parse(String literal) {
        if (literal.equals("true") || literal.equals("false")) {
            return new Flag(literal.equals("true"));
        }
        int last = literal.length() - 1;
        if (last >= 1 && literal.charAt(0) == '"' && literal.charAt(last) == '"') {
            return new Text(literal.substring(1, last));
        }
        return literal.startsWith("0x") ? bytes(literal.substring(2)) : number(literal);
    }

    private static @Nullable HeaderValue bytes(String hex) {
        try {
            return new Bytes(HexFormat.of().parseHex(hex));
        } catch (IllegalArgumentException notHex) {
            return null;
        }
    }

    private static @Nullable HeaderValue number(String text) {
        try {
            return text.length() > NUMBER_CHARS_MAX ? null : of(new BigDecimal(text));
        } catch (ArithmeticException | NumberFormatException notOne) {
            return null;
        }
    }

    /** Writes a byte for the kind, then the value; see the page about the catalog's format. */
    default void encode(ByteWriter out) {
        if (this instanceof Text text) {
            out.put(1).putString(text.text());
        } else if (this instanceof Decimal decimal) {
            out.put(2).putString(decimal.value().toString());
        } else if (this instanceof Flag flag) {
            out.put(3).put(flag.value() ? 1 : 0);
        } else if (this instanceof Bytes bytes) {
            out.put(4).putBlock(bytes.value(), 0, bytes.value().length);
        } else {
            out.put(0);
        }
    }

    /** Reads what {@link #encode} wrote; anything else turns {@code in.failed()} on. */
    static HeaderValue decode(ByteReader in) {
        HeaderValue value =
                switch (in.readByte()) {
                    case 0 -> new Present();
                    case 1 -> new Text(in.readString());
                    case 2 -> number(in);
                    case 3 -> new Flag(in.readVarInt(1) == 1);
                    case 4 -> new Bytes(in.readBlock());
                    default -> null;
                };
        if (value == null) {
            in.skip(-1);
            return new Present();
        }
        return value;
    }

    /** Only as it is written: equal numbers have equal bytes. */
    private static @Nullable HeaderValue number(ByteReader in) {
        String text = in.readString();
        return number(text) instanceof Decimal decimal
                        && decimal.value().toString().equals(text)
                ? decimal
                : null;
    }
}
