package dev.recado.shard;

import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;
import dev.recado.base.Check;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** How the records of one sealed set are written and read: a number for each kind, and its fields. */
final class FrameKinds<T> {

    private final Map<Integer, Kind<? extends T>> byNumber = new HashMap<>();
    private final Map<Class<?>, Kind<? extends T>> byType = new HashMap<>();

    private record Kind<C>(int number, Class<C> type, BiConsumer<C, ByteWriter> write, Function<ByteReader, C> read) {
        void encode(Object one, ByteWriter out) {
            write.accept(type.cast(one), out);
        }
    }

    /** {@code read} never throws: what it cannot read turns {@link ByteReader#failed()} on. */
    <C extends T> FrameKinds<T> add(
            int number, Class<C> type, BiConsumer<C, ByteWriter> write, Function<ByteReader, C> read) {
        Kind<C> kind = new Kind<>(number, type, write, read);
        Check.that(byNumber.put(number, kind) == null, "a number is given twice", number);
        byType.put(type, kind);
        return this;
    }

    /** One without fields. */
    <C extends T> FrameKinds<T> add(int number, C only) {
        @SuppressWarnings("unchecked")
        Class<C> type = (Class<C>) only.getClass();
        return add(number, type, (one, out) -> {}, in -> only);
    }

    int numberOf(T one) {
        return kindOf(one).number();
    }

    void write(T one, ByteWriter out) {
        kindOf(one).encode(one, out);
    }

    private Kind<? extends T> kindOf(T one) {
        Kind<? extends T> kind = byType.get(one.getClass());
        if (kind == null) {
            throw new AssertionError("no encoding: " + one.getClass());
        }
        return kind;
    }

    boolean has(int number) {
        return byNumber.containsKey(number);
    }

    /** One of the kind {@code number}, which there is; means nothing where {@code in} has failed. */
    T read(int number, ByteReader in) {
        return Objects.requireNonNull(byNumber.get(number), "no kind").read().apply(in);
    }

    Set<Class<?>> types() {
        return byType.keySet();
    }
}
