package dev.recado.transport.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.broker.Link;
import dev.recado.transport.Wire;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Ten thousand idle connections are promised at 12 KiB each; this holds what the text protocol adds to that. */
class SessionSizeTest {

    private static final long BYTES_MAX = 1_536;
    private static final int REFERENCE_BYTES = 4;

    @Test
    void shouldCostLittleWhileItIsIdle() throws IllegalAccessException {
        // Given
        Stage stage = new Stage();
        TextSession other = stage.wire("A").session();
        TextSession idle = stage.wire("B").session();

        // When
        stage.play("""
                B> HELLO:idle
                B< OK:HELLO:recado/0.1.0:n1
                """);

        // Then
        Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        bytes(other, seen);
        assertThat(bytes(idle, seen)).isBetween(512L, BYTES_MAX);
    }

    /**
     * What {@code object} and what it refers to take and was not {@code seen}: objects of this program's classes, and
     * arrays, as a 64-bit virtual machine lays them out. What lies behind the session's two ports is not its own.
     */
    private static long bytes(@Nullable Object object, Set<Object> seen) throws IllegalAccessException {
        if (object == null || object instanceof Wire || object instanceof Link || !seen.add(object)) {
            return 0;
        }
        Class<?> type = object.getClass();
        if (type.isArray()) {
            return arrayBytes(object, seen);
        }
        if (!type.getName().startsWith("dev.recado.") || type.isEnum()) {
            return 0;
        }
        long flat = 12;
        long others = 0;
        for (Field field : type.getDeclaredFields()) {
            if (!Modifier.isStatic(field.getModifiers())) {
                flat += bytes(field.getType());
                if (!field.getType().isPrimitive()) {
                    field.setAccessible(true);
                    others += bytes(field.get(object), seen);
                }
            }
        }
        return aligned(flat) + others;
    }

    private static long arrayBytes(Object array, Set<Object> seen) throws IllegalAccessException {
        Class<?> element = array.getClass().getComponentType();
        long others = 0;
        for (int i = 0; !element.isPrimitive() && i < Array.getLength(array); i++) {
            others += bytes(Array.get(array, i), seen);
        }
        return aligned(16 + (long) bytes(element) * Array.getLength(array)) + others;
    }

    private static int bytes(Class<?> type) {
        if (type == long.class || type == double.class) {
            return Long.BYTES;
        }
        if (type == byte.class || type == boolean.class) {
            return 1;
        }
        return type == short.class || type == char.class ? Short.BYTES : REFERENCE_BYTES;
    }

    private static long aligned(long bytes) {
        return (bytes + 7) & ~7;
    }
}
