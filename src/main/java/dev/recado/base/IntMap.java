package dev.recado.base;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Values by int keys, as {@link java.util.HashMap} holds them by objects, without a box or a node for each: open
 * addressing with linear probing, at most half full. One owner.
 */
public final class IntMap<V> {

    private static final int PLACES_MIN = 16;

    private int[] keys = new int[PLACES_MIN];
    /** Null where the place is free. */
    private @Nullable Object[] values = new Object[PLACES_MIN];

    private int size;

    public int size() {
        return size;
    }

    public boolean isEmpty() {
        return size == 0;
    }

    @SuppressWarnings("unchecked") // only put() fills the array
    public @Nullable V get(int key) {
        return (V) values[place(key)];
    }

    /** Puts {@code value} in the place of what that key had. */
    public void put(int key, V value) {
        int at = place(key);
        if (values[at] == null) {
            if (size >= values.length / 2) {
                resize(values.length * 2);
                at = place(key);
            }
            size++;
        }
        keys[at] = key;
        values[at] = value;
    }

    public void remove(int key) {
        int free = place(key);
        if (values[free] == null) {
            return;
        }
        size--;
        values[free] = null;
        // Whoever was pushed past the place that is free now moves up.
        for (int at = next(free); values[at] != null; at = next(at)) {
            int home = home(keys[at]);
            if ((at - home & values.length - 1) >= (at - free & values.length - 1)) {
                keys[free] = keys[at];
                values[free] = values[at];
                values[at] = null;
                free = at;
            }
        }
    }

    /** All values, in no order, as they are now: the map may change meanwhile. */
    @SuppressWarnings("unchecked") // only put() fills the array
    public List<V> values() {
        List<V> all = new ArrayList<>(size);
        for (Object value : values) {
            if (value != null) {
                all.add((V) value);
            }
        }
        return all;
    }

    /** Forgets everything and keeps the room for as many. */
    public void clear() {
        if (size > 0) {
            Arrays.fill(values, null);
            size = 0;
        }
    }

    private int place(int key) {
        int at = home(key);
        while (values[at] != null && keys[at] != key) {
            at = next(at);
        }
        return at;
    }

    private int home(int key) {
        int hash = key * 0x9E3779B9;
        return (hash ^ hash >>> 16) & values.length - 1;
    }

    private int next(int at) {
        return at + 1 & values.length - 1;
    }

    private void resize(int places) {
        int[] oldKeys = keys;
        Object[] oldValues = values;
        keys = new int[places];
        values = new Object[places];
        for (int i = 0; i < oldValues.length; i++) {
            if (oldValues[i] != null) {
                int at = place(oldKeys[i]);
                keys[at] = oldKeys[i];
                values[at] = oldValues[i];
            }
        }
    }
}
