package dev.recado.security;

import java.util.EnumSet;
import java.util.Set;

/**
 * Operations that are given on every topic and exchange whose namespace and name match. Immutable. In a pattern
 * {@code *} stands for any characters, none included, and everything else for itself.
 *
 * <p>{@link Operation#CONSUME} brings {@link Operation#BROWSE}: who makes a group of its own sees every message anyway.
 */
public record Grant(String namespaces, String names, Set<Operation> operations) {

    /** The pattern that matches everything. */
    public static final String ANY = "*";

    /**
     * @throws IllegalArgumentException for {@link Operation#ADMINISTER} under other patterns than {@code *} and {@code
     *     *}: it is about the node, and a grant that looks narrow must not give that
     */
    public Grant {
        EnumSet<Operation> all = EnumSet.noneOf(Operation.class);
        all.addAll(operations);
        if (all.contains(Operation.CONSUME)) {
            all.add(Operation.BROWSE);
        }
        if (all.contains(Operation.ADMINISTER) && !(namespaces.equals(ANY) && names.equals(ANY))) {
            throw new IllegalArgumentException(
                    "administer is of the node: namespaces=* names=* expected, not namespaces=" + namespaces + " names="
                            + names);
        }
        operations = Set.copyOf(all);
    }

    /** On the names of the namespace {@code /} that match. */
    public static Grant of(String names, Operation... operations) {
        return new Grant("/", names, Set.of(operations));
    }

    /** Whether it gives {@code operation} on that name; allocates nothing. */
    boolean allows(Operation operation, String namespace, String name) {
        return operations.contains(operation) && Glob.matches(namespaces, namespace) && Glob.matches(names, name);
    }

    /** Whether it gives something in that namespace. */
    boolean reaches(String namespace) {
        return !operations.isEmpty() && Glob.matches(namespaces, namespace);
    }

    /** Whether it gives {@code operation} on every name that a pattern of words matches. */
    boolean covers(Operation operation, String namespace, int[] pattern) {
        return operations.contains(operation)
                && Glob.matches(namespaces, namespace)
                && Glob.matches(Glob.symbols(names), pattern);
    }

    boolean isEverything() {
        return namespaces.equals(ANY) && names.equals(ANY) && operations.size() == Operation.values().length;
    }
}
