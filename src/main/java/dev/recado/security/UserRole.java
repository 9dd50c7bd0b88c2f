package dev.recado.security;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a user may do beside what was granted: a name for some grants on everything. */
public enum UserRole {
    /** Nothing. */
    NONE(0, Set.of()),
    /** Figures, and no message. */
    READER(1, Set.of(Operation.MONITOR)),
    /** Create, change and delete; figures, and no message. */
    OPERATOR(2, Set.of(Operation.CONFIGURE, Operation.MONITOR)),
    /** Everything. */
    ADMINISTRATOR(3, EnumSet.allOf(Operation.class));

    private final int number;
    private final String word = name().toLowerCase(Locale.ROOT);
    /** Never changed after construction. */
    @SuppressWarnings("ImmutableEnumChecker")
    private final List<Grant> grants;

    UserRole(int number, Set<Operation> operations) {
        this.number = number;
        grants = operations.isEmpty() ? List.of() : List.of(new Grant(Grant.ANY, Grant.ANY, operations));
    }

    /** As stored; it stays. */
    int number() {
        return number;
    }

    /** In commands and settings. */
    public String word() {
        return word;
    }

    List<Grant> grants() {
        return grants;
    }

    /** The role with that number; {@link #NONE} where it is of a later version. */
    static UserRole stored(int number) {
        for (UserRole role : values()) {
            if (role.number == number) {
                return role;
            }
        }
        return NONE;
    }

    /** The role with that word, or null; {@code admin} is an administrator. */
    public static @Nullable UserRole of(String word) {
        for (UserRole role : values()) {
            if (role.word.equals(word)) {
                return role;
            }
        }
        return word.equals("admin") ? ADMINISTRATOR : null;
    }
}
