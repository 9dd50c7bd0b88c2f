package dev.recado.security;

import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Operations that are given on every topic and exchange whose namespace and name match. Immutable. In a pattern
 * {@code *} stands for any characters, none included, and everything else for itself.
 *
 * <p>{@link Operation#CONSUME} brings {@link Operation#BROWSE}: who makes a group of its own sees every message anyway.
 * Each brings {@link Operation#MONITOR}: a publisher of AMQP is told how many messages wait when it declares its queue.
 *
 * @param operations as given, without what they bring
 */
public record Grant(String namespaces, String names, Set<Operation> operations) {

    /** The pattern that matches everything. */
    public static final String ANY = "*";

    /**
     * @throws IllegalArgumentException for {@link Operation#ADMINISTER} under other patterns than {@code *} and {@code
     *     *}: it is about the node, and a grant that looks narrow must not give that
     */
    public Grant {
        operations = Set.copyOf(operations);
        if (operations.contains(Operation.ADMINISTER) && !(namespaces.equals(ANY) && names.equals(ANY))) {
            throw new IllegalArgumentException(
                    "administer is of the node: namespaces=* names=* expected, not namespaces=" + namespaces + " names="
                            + names);
        }
    }

    /** On the names of the namespace {@code /} that match. */
    public static Grant of(String names, Operation... operations) {
        return new Grant("/", names, Set.of(operations));
    }

    /** Whether it gives {@code operation}, or another that brings it, on the names that match. */
    boolean gives(Operation operation) {
        return operations.contains(operation)
                || switch (operation) {
                    case BROWSE -> operations.contains(Operation.CONSUME);
                    case MONITOR -> !operations.isEmpty();
                    default -> false;
                };
    }

    boolean isOn(Grant other) {
        return namespaces.equals(other.namespaces) && names.equals(other.names);
    }

    /** With the operations of {@code other} too. */
    Grant with(Grant other) {
        EnumSet<Operation> more = EnumSet.noneOf(Operation.class);
        more.addAll(operations);
        more.addAll(other.operations);
        return new Grant(namespaces, names, more);
    }

    /** Without the operations of {@code other}; null where none is left. */
    @Nullable
    Grant without(Grant other) {
        EnumSet<Operation> fewer = EnumSet.noneOf(Operation.class);
        fewer.addAll(operations);
        fewer.removeAll(other.operations);
        return fewer.isEmpty() ? null : new Grant(namespaces, names, fewer);
    }

    /** Whether it gives {@code operation} on that name; allocates nothing. */
    boolean allows(Operation operation, String namespace, String name) {
        return gives(operation) && Glob.matches(namespaces, namespace) && Glob.matches(names, name);
    }

    /** Whether it gives something in that namespace. */
    boolean reaches(String namespace) {
        return !operations.isEmpty() && Glob.matches(namespaces, namespace);
    }

    /** Whether it gives {@code operation} on every name that a pattern of words matches. */
    boolean covers(Operation operation, String namespace, int[] pattern) {
        return gives(operation) && Glob.matches(namespaces, namespace) && Glob.matches(Glob.symbols(names), pattern);
    }

    boolean isEverything() {
        for (Operation operation : Operation.values()) {
            if (!gives(operation)) {
                return false;
            }
        }
        return isOfAll();
    }

    /** Whether every name of every namespace matches. */
    boolean isOfAll() {
        return namespaces.equals(ANY) && names.equals(ANY);
    }

    /** As commands show and take it: namespaces, names and operations with a blank between. */
    public String text() {
        StringBuilder words = new StringBuilder();
        for (Operation operation : Operation.values()) {
            if (operations.contains(operation)) {
                words.append(words.length() == 0 ? "" : ",").append(operation.word());
            }
        }
        return namespaces + " " + names + " " + words;
    }

    void encode(ByteWriter out) {
        out.putString(namespaces).putString(names).putVarLong(Operation.bits(operations));
    }

    /** What {@link #encode} wrote; of a broken one the reader fails, and what comes of it gives nothing. */
    static Grant decode(ByteReader in) {
        String namespaces = in.readString();
        String names = in.readString();
        Set<Operation> operations = Operation.ofBits(in.readVarInt(Integer.MAX_VALUE));
        boolean isNarrow = !(namespaces.equals(ANY) && names.equals(ANY));
        boolean holds = !in.failed() && !(isNarrow && operations.contains(Operation.ADMINISTER));
        return new Grant(namespaces, names, holds ? operations : Set.of());
    }
}
