package dev.recado.transport;

import dev.recado.broker.Link;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a session costs in memory, field by field. */
public final class SessionSize {

    private static final int REFERENCE_BYTES = 4;

    private SessionSize() {}

    /**
     * What {@code object} and what it refers to take and was not {@code seen}: objects of this program's classes, and
     * arrays, as a 64-bit virtual machine lays them out. What lies behind the session's two ports is not its own.
     */
    public static long bytes(@Nullable Object object, Set<Object> seen) throws IllegalAccessException {
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
