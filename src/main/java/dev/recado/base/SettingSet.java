package dev.recado.base;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * A value for each key of a table, in its order; immutable. To look one up takes a search: who needs a value for each
 * message keeps it in a field.
 */
public final class SettingSet {

    private final List<SettingKey<?>> keys;
    private final Object[] values;

    private SettingSet(List<SettingKey<?>> keys, Object[] values) {
        this.keys = keys;
        this.values = values;
    }

    /** Every key at its default. */
    public static SettingSet standard(List<SettingKey<?>> keys) {
        return new SettingSet(
                List.copyOf(keys), keys.stream().map(SettingKey::standard).toArray());
    }

    /** The keys in the order in which people read them. */
    public List<SettingKey<?>> keys() {
        return keys;
    }

    /** The value of a key of the table. */
    @SuppressWarnings("unchecked") // put in as the value of this key
    public <T> T get(SettingKey<T> key) {
        return (T) values[index(key)];
    }

    /** The same with another value, which is within the bounds of what may be stored. */
    public <T> SettingSet with(SettingKey<T> key, T value) {
        Object[] changed = values.clone();
        changed[index(key)] = key.checked(value);
        return new SettingSet(keys, changed);
    }

    /** The same table with the values of {@code others} for the keys that it has too. */
    public SettingSet withAll(SettingSet others) {
        Object[] changed = values.clone();
        for (int i = 0; i < changed.length; i++) {
            int other = others.keys.indexOf(keys.get(i));
            if (other >= 0) {
                changed[i] = others.values[other];
            }
        }
        return new SettingSet(keys, changed);
    }

    /** Changed by names and values as people write them; the first that is wrong refuses all. */
    public Outcome<SettingSet> parsed(Map<String, String> given) {
        SettingSet set = this;
        for (Map.Entry<String, String> entry : given.entrySet()) {
            SettingKey<?> key = find(entry.getKey());
            if (key == null) {
                return Outcome.refused(
                        ErrorCode.INVALID_ARGUMENT,
                        "unknown setting, key=" + Names.shown(entry.getKey()) + " allowed=" + names());
            }
            SettingSet next = set.withText(key, entry.getValue());
            if (next == null) {
                return Outcome.refused(
                        ErrorCode.INVALID_ARGUMENT,
                        "key=" + key.name() + " value=" + Names.shown(entry.getValue()) + " allowed=" + key.allowed());
            }
            set = next;
        }
        return Outcome.of(set);
    }

    private <T> @Nullable SettingSet withText(SettingKey<T> key, String text) {
        T value = key.read(text);
        return value == null ? null : with(key, value);
    }

    /** {@code now} with the values of this where these are others than in {@code seen}; all are of one table. */
    public SettingSet onto(SettingSet now, SettingSet seen) {
        Object[] changed = now.values.clone();
        for (int i = 0; i < changed.length; i++) {
            if (!values[i].equals(seen.values[i])) {
                changed[i] = values[i];
            }
        }
        return new SettingSet(keys, changed);
    }

    /** The first fixed key whose value is another in {@code next}, or null. */
    public @Nullable SettingKey<?> fixedDifference(SettingSet next) {
        for (int i = 0; i < values.length; i++) {
            if (keys.get(i).isFixed() && !values[i].equals(next.values[i])) {
                return keys.get(i);
            }
        }
        return null;
    }

    /** The names of the keys whose values differ in {@code other}, of the same table; empty where none does. */
    public List<String> differences(SettingSet other) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < values.length; i++) {
            if (!values[i].equals(other.values[i])) {
                names.add(keys.get(i).name());
            }
        }
        return names;
    }

    /** Every name with its value as {@link #parsed} takes it, in the order of the table. */
    public Map<String, String> texts() {
        Map<String, String> texts = new LinkedHashMap<>();
        keys.forEach(key -> texts.put(key.name(), text(key)));
        return texts;
    }

    /** A value as people write it. */
    public <T> String text(SettingKey<T> key) {
        return key.write(get(key));
    }

    /**
     * Every name with its value for programs, in the order of the table: a {@code Long} in bytes, milliseconds or as it
     * stands, a {@code Boolean}, or a {@code String}. None is 0, or -1 where 0 is a value of its own.
     */
    public Map<String, Object> plain() {
        Map<String, Object> plain = new LinkedHashMap<>();
        keys.forEach(key -> plain.put(key.name(), plain(key)));
        return plain;
    }

    private <T> Object plain(SettingKey<T> key) {
        return key.plain(get(key));
    }

    private @Nullable SettingKey<?> find(String name) {
        for (SettingKey<?> key : keys) {
            if (key.name().equals(name)) {
                return key;
            }
        }
        return null;
    }

    private int index(SettingKey<?> key) {
        int index = keys.indexOf(key);
        Check.that(index >= 0, "no setting of this table", key);
        return index;
    }

    private String names() {
        StringJoiner names = new StringJoiner(", ");
        keys.forEach(key -> names.add(key.name()));
        return names.toString();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SettingSet set && keys.equals(set.keys) && Arrays.equals(values, set.values);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(values);
    }

    @Override
    public String toString() {
        return texts().toString();
    }
}
