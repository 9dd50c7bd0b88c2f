package dev.recado.base;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * One setting of a topic or a group, declared once: its row, the type of its values, and how these are read, written
 * and stored. Everything that lists settings is made from it. Immutable; compared by identity.
 */
public final class SettingKey<T> {

    /**
     * How values are read, written and stored.
     *
     * @param read from text; null for what is not allowed
     * @param write as {@code read} takes it
     * @param number what is stored
     * @param ofNumber from what is stored, within bounds
     * @param stored from a stored text; null for what cannot be
     */
    private record Form<T>(
            Reading<T> read,
            Function<T, String> write,
            ToLongFunction<T> number,
            LongFunction<T> ofNumber,
            Reading<T> stored) {
        /** Of values that are stored as numbers. */
        private Form(Reading<T> read, Function<T, String> write, ToLongFunction<T> number, LongFunction<T> ofNumber) {
            this(read, write, number, ofNumber, text -> null);
        }
    }

    /** Reads one value. */
    @FunctionalInterface
    public interface Reading<T> {
        /** The value, or null for what is not allowed. */
        @Nullable
        T of(String text);
    }

    private final Setting setting;
    private final T standard;
    private final Form<T> form;
    /** What may be stored: more than may be set, where an earlier version took more. */
    private final Setting.Bounds stored;

    private final String allowed;
    private final boolean fixed;

    private SettingKey(
            Setting setting, T standard, Form<T> form, Setting.Bounds stored, String allowed, boolean fixed) {
        this.setting = setting;
        this.standard = standard;
        this.form = form;
        this.stored = stored;
        this.allowed = allowed;
        this.fixed = fixed;
    }

    /** A long of {@code row}, whose default is written from {@code standard}. */
    public static SettingKey<Long> ofLong(Setting row, long standard) {
        Form<Long> form = new Form<>(
                text -> {
                    long value = row.value(text);
                    return value == Setting.REFUSED ? null : value;
                },
                row::text,
                value -> value,
                value -> value);
        return quantity(row, standard, form);
    }

    /** An int of {@code row}, whose bounds are those of an int. */
    public static SettingKey<Integer> ofInt(Setting row, int standard) {
        Form<Integer> form = new Form<>(
                text -> {
                    long value = row.value(text);
                    return value == Setting.REFUSED ? null : (Integer) (int) value;
                },
                row::text,
                value -> value,
                value -> (int) value);
        return quantity(row, standard, form);
    }

    private static <T> SettingKey<T> quantity(Setting row, T standard, Form<T> form) {
        Setting.Bounds bounds = row.bounds();
        long least = bounds.hasNone() ? Math.min(bounds.none(), bounds.min()) : bounds.min();
        return new SettingKey<>(
                row.withDefault(form.write().apply(standard)),
                standard,
                form,
                Setting.Bounds.of(least, bounds.max()),
                row.allowed(),
                false);
    }

    /** Yes or no. */
    public static SettingKey<Boolean> ofFlag(String key, boolean standard, String description) {
        Setting row = Setting.flag(key, standard, description);
        Form<Boolean> form = new Form<>(
                text -> row.allows(text) ? Boolean.valueOf(text) : null,
                value -> Boolean.toString(value),
                value -> value ? 1 : 0,
                value -> value != 0);
        return new SettingKey<>(row, standard, form, row.bounds(), row.allowed(), false);
    }

    /** One of {@code choices}, which are numbered from 0 without gaps in this order. */
    public static <T extends Choice> SettingKey<T> ofChoice(String key, T standard, T[] choices, String description) {
        T[] all = choices.clone();
        List<String> words = Arrays.stream(all).map(Choice::word).toList();
        Setting row = Setting.choice(key, standard.word(), words, description);
        Form<T> form =
                new Form<>(text -> Choice.find(all, text), Choice::word, Choice::number, number -> all[(int) number]);
        return new SettingKey<>(row, standard, form, Setting.Bounds.of(0, all.length - 1), row.allowed(), false);
    }

    /** A text with a grammar of its own, which is stored as it is written. */
    public static <T> SettingKey<T> ofText(Setting row, T standard, Reading<T> read, Function<T, String> write) {
        return ofText(row, standard, new Form<>(read, write, value -> 0, number -> standard, read));
    }

    /** A text, of which {@code read} says what may be set; any may be stored. */
    public static SettingKey<String> ofString(Setting row, String standard, Reading<String> read) {
        return ofText(row, standard, new Form<>(read, text -> text, value -> 0, number -> standard, text -> text));
    }

    private static <T> SettingKey<T> ofText(Setting row, T standard, Form<T> form) {
        return new SettingKey<>(row, standard, form, Setting.Bounds.of(0, 0), row.allowed(), false);
    }

    /** The same, fixed once the thing is made. */
    public SettingKey<T> fixed() {
        return new SettingKey<>(setting, standard, form, stored, allowed, true);
    }

    /** The same where {@code min} to {@code max} may be stored, whatever may be set. */
    public SettingKey<T> stored(long min, long max) {
        return new SettingKey<>(setting, standard, form, Setting.Bounds.of(min, max), allowed, fixed);
    }

    /** The same whose refusals and tables say {@code words} of what is allowed. */
    public SettingKey<T> allowing(String words) {
        return new SettingKey<>(setting, standard, form, stored, words, fixed);
    }

    /** Its row: name, kind, default, bounds, description. */
    public Setting setting() {
        return setting;
    }

    /** What it is called. */
    public String name() {
        return setting.key();
    }

    /** What it is if nobody says. */
    public T standard() {
        return standard;
    }

    /** What a value may be, as refusals and tables say it. */
    public String allowed() {
        return allowed;
    }

    /** Whether it cannot be changed once the thing is made. */
    public boolean isFixed() {
        return fixed;
    }

    /** The value that {@code text} says, or null for what is not allowed. */
    public @Nullable T read(String text) {
        return form.read().of(text);
    }

    /** A value as {@link #read} takes it. */
    public String write(T value) {
        return form.write().apply(value);
    }

    /** A value for programs: a plain number, a flag or a word; {@link #read} takes it too. */
    Object plain(T value) {
        return switch (setting.kind()) {
            case BOOLEAN -> value;
            case INTEGER, BYTES, DURATION -> setting.plain(form.number().applyAsLong(value));
            default -> write(value);
        };
    }

    /** Answers a value that may be stored as it is. */
    T checked(T value) {
        long number = form.number().applyAsLong(value);
        Check.that(number >= stored.min() && number <= stored.max(), setting.key() + " out of bounds", number);
        return value;
    }

    /**
     * Writes a value as a varint; numbers that may be negative are moved to 0. Of a text that is 0 for the default, or
     * 1 and the text behind it.
     */
    public void encode(ByteWriter out, T value) {
        if (setting.kind() != Setting.Kind.TEXT) {
            out.putVarLong(form.number().applyAsLong(value) + shift());
        } else if (value.equals(standard)) {
            out.put(0);
        } else {
            out.put(1).putString(write(value));
        }
    }

    /** Reads what {@link #encode} wrote; what is out of bounds turns {@code in.failed()} on. */
    public T decode(ByteReader in) {
        return setting.kind() == Setting.Kind.TEXT ? decodeText(in) : decodeNumber(in);
    }

    private T decodeText(ByteReader in) {
        T value = in.readVarInt(1) == 0 ? standard : form.stored().of(in.readString());
        if (in.failed() || value == null) {
            in.skip(-1);
            return standard;
        }
        return value;
    }

    private T decodeNumber(ByteReader in) {
        long read = in.readVarLong();
        long value = read - shift();
        if (in.failed() || read < 0 || value < stored.min() || value > stored.max()) {
            in.skip(-1);
            return standard;
        }
        return form.ofNumber().apply(value);
    }

    private long shift() {
        return Math.max(0, -stored.min());
    }

    @Override
    public String toString() {
        return setting.key();
    }
}
