package dev.recado.base;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * An immutable hash map: {@link #put} and {@link #remove} answer a new map that shares all but a small path with the
 * old one. For snapshots that are read by many threads and changed one entry at a time.
 *
 * <p>Buckets of about four entries hang in chunks of 64 under one root, so that a change copies a bucket, a chunk and
 * n/256 references; a growing map is rebuilt each time that it has grown fourfold. Keys have a fixed {@code hashCode};
 * the order of iteration means nothing. Bounds are its user's.
 */
public final class PersistentMap<K, V> {

    private static final int CHUNK_BITS = 6;
    private static final int CHUNK_SIZE = 1 << CHUNK_BITS;
    private static final int LOAD = 4;
    private static final PersistentMap<?, ?> EMPTY = new PersistentMap<>(newRoot(1), 1, 0);

    private final Object[][] @Nullable [] root;
    private final int bucketCount;
    private final int size;

    private PersistentMap(Object[][] @Nullable [] root, int bucketCount, int size) {
        this.root = root;
        this.bucketCount = bucketCount;
        this.size = size;
    }

    @SuppressWarnings("unchecked") // it holds no entry of any type
    public static <K, V> PersistentMap<K, V> empty() {
        return (PersistentMap<K, V>) EMPTY;
    }

    public int size() {
        return size;
    }

    public boolean isEmpty() {
        return size == 0;
    }

    @SuppressWarnings("unchecked") // put stores a V behind each key
    public @Nullable V get(K key) {
        Object[] bucket = bucket(indexOf(key));
        int at = find(bucket, key);
        return at < 0 || bucket == null ? null : (V) bucket[at + 1];
    }

    public boolean contains(K key) {
        return find(bucket(indexOf(key)), key) >= 0;
    }

    /** This map with {@code key} standing for {@code value}. */
    public PersistentMap<K, V> put(K key, V value) {
        if (size >= bucketCount * LOAD && !contains(key)) {
            return grown().put(key, value);
        }
        int index = indexOf(key);
        Object[] bucket = bucket(index);
        int at = find(bucket, key);
        if (at >= 0 && bucket != null) {
            Object[] changed = bucket.clone();
            changed[at + 1] = value;
            return with(index, changed, size);
        }
        return with(index, appended(bucket, key, value), size + 1);
    }

    /** This map without {@code key}; itself where it has none. */
    public PersistentMap<K, V> remove(K key) {
        int index = indexOf(key);
        Object[] bucket = bucket(index);
        int at = find(bucket, key);
        if (at < 0 || bucket == null) {
            return this;
        }
        if (size == 1) {
            return empty();
        }
        if (bucket.length == 2) {
            return with(index, null, size - 1);
        }
        Object[] changed = new Object[bucket.length - 2];
        System.arraycopy(bucket, 0, changed, 0, at);
        System.arraycopy(bucket, at + 2, changed, at, changed.length - at);
        return with(index, changed, size - 1);
    }

    @SuppressWarnings("unchecked") // put stores K and V in turn
    public void forEach(BiConsumer<? super K, ? super V> action) {
        for (Object[] @Nullable [] chunk : root) {
            for (Object[] bucket : chunk) {
                for (int i = 0; bucket != null && i < bucket.length; i += 2) {
                    action.accept((K) bucket[i], (V) bucket[i + 1]);
                }
            }
        }
    }

    /** A new list of all values, in no order. */
    public List<V> values() {
        List<V> values = new ArrayList<>(size);
        forEach((key, value) -> values.add(value));
        return values;
    }

    private Object @Nullable [] bucket(int index) {
        return root[index >>> CHUNK_BITS][index & (CHUNK_SIZE - 1)];
    }

    private int indexOf(Object key) {
        // Multiplying spreads neighbours such as counted ids and short strings over the high bits.
        int mixed = key.hashCode() * 0x9E3779B1;
        return (mixed ^ mixed >>> 15) & (bucketCount - 1);
    }

    private static int find(Object @Nullable [] bucket, Object key) {
        for (int i = 0; bucket != null && i < bucket.length; i += 2) {
            if (bucket[i].equals(key)) {
                return i;
            }
        }
        return -1;
    }

    private static Object[] appended(Object @Nullable [] bucket, Object key, Object value) {
        int length = bucket == null ? 0 : bucket.length;
        Object[] changed = bucket == null ? new Object[2] : Arrays.copyOf(bucket, length + 2);
        changed[length] = key;
        changed[length + 1] = value;
        return changed;
    }

    private PersistentMap<K, V> with(int index, Object @Nullable [] bucket, int newSize) {
        Object[][] @Nullable [] changed = root.clone();
        int chunk = index >>> CHUNK_BITS;
        changed[chunk] = root[chunk].clone();
        changed[chunk][index & (CHUNK_SIZE - 1)] = bucket;
        return new PersistentMap<>(changed, bucketCount, newSize);
    }

    private PersistentMap<K, V> grown() {
        int newBucketCount = bucketCount * 4;
        PersistentMap<K, V> target = new PersistentMap<>(newRoot(newBucketCount), newBucketCount, size);
        forEach((key, value) -> {
            int index = target.indexOf(key);
            Object[] @Nullable [] chunk = target.root[index >>> CHUNK_BITS];
            int slot = index & (CHUNK_SIZE - 1);
            chunk[slot] = appended(chunk[slot], key, value);
        });
        return target;
    }

    private static Object[][] @Nullable [] newRoot(int bucketCount) {
        return new Object[Math.max(1, bucketCount >>> CHUNK_BITS)][Math.min(bucketCount, CHUNK_SIZE)][];
    }
}
