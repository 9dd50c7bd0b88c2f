package dev.recado.base;

import java.util.List;

/**
 * How the settings of one kind of thing are stored: a varint count, then so many values in an order that never changes.
 * A later key is appended to that order: what was written before it has fewer values, and the key is at its default
 * there. A reader that meets more values than it knows fails. Immutable.
 *
 * <p>Equal settings have equal bytes: what was there from the start is always written, of later keys all up to the last
 * that is not at its default. So the default of a later key belongs to the format and never changes.
 */
public final class StoredSettings {

    private final int always;
    private final List<SettingKey<?>> keys;

    /** {@code keys} in their order, of which the first {@code always} are written whatever they are. */
    public StoredSettings(int always, List<SettingKey<?>> keys) {
        Check.that(always >= 0 && always <= keys.size(), "more values than keys", always);
        this.always = always;
        this.keys = List.copyOf(keys);
    }

    /** Writes count and values. */
    public void encode(SettingSet set, ByteWriter out) {
        int count = keys.size();
        while (count > always && isStandard(set, keys.get(count - 1))) {
            count--;
        }
        out.putVarLong(count);
        for (int i = 0; i < count; i++) {
            encode(set, keys.get(i), out);
        }
    }

    private static <T> boolean isStandard(SettingSet set, SettingKey<T> key) {
        return set.get(key).equals(key.standard());
    }

    private static <T> void encode(SettingSet set, SettingKey<T> key, ByteWriter out) {
        key.encode(out, set.get(key));
    }

    /** {@code standard} with what {@link #encode} wrote; anything else turns {@code in.failed()} on. */
    public SettingSet decode(SettingSet standard, ByteReader in) {
        return decode(standard, in.readVarInt(keys.size()), in);
    }

    /** As before for so many values that no count stands before. */
    public SettingSet decode(SettingSet standard, int count, ByteReader in) {
        SettingSet read = standard;
        for (int i = 0; i < count; i++) {
            read = decoded(read, keys.get(i), in);
        }
        return read;
    }

    private static <T> SettingSet decoded(SettingSet read, SettingKey<T> key, ByteReader in) {
        return read.with(key, key.decode(in));
    }
}
