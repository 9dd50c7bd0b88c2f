package dev.recado.security;

import java.util.EnumSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What somebody may do: the sum of some grants. A closed door stays closed: what no grant gives is not given. Topics
 * and exchanges share one space of names. Immutable; asking allocates nothing, but for patterns.
 *
 * @param within what others have to give as well, as a token's scope does; null where the grants alone count
 */
public record Rights(List<Grant> grants, @Nullable Rights within) {

    /** Everything. */
    public static final Rights ALL =
            new Rights(List.of(new Grant(Grant.ANY, Grant.ANY, EnumSet.allOf(Operation.class))));

    /** Nothing. */
    public static final Rights NONE = new Rights(List.of());

    public Rights {
        grants = List.copyOf(grants);
    }

    public Rights(List<Grant> grants) {
        this(grants, null);
    }

    /** What both these and {@code others} give. */
    public Rights and(Rights others) {
        return new Rights(grants, within == null ? others : within.and(others));
    }

    public static Rights of(Grant... grants) {
        return new Rights(List.of(grants));
    }

    /** Whether one grant gives everything; so may several together of which this does not tell. */
    public boolean isAll() {
        if (within != null && !within.isAll()) {
            return false;
        }
        for (int i = 0; i < grants.size(); i++) {
            if (grants.get(i).isEverything()) {
                return true;
            }
        }
        return false;
    }

    /** Whether {@code operation} is given on the topic or exchange of that name. */
    public boolean allows(Operation operation, String namespace, String name) {
        if (within != null && !within.allows(operation, namespace, name)) {
            return false;
        }
        for (int i = 0; i < grants.size(); i++) {
            if (grants.get(i).allows(operation, namespace, name)) {
                return true;
            }
        }
        return false;
    }

    /** Whether something is given in that namespace, on some name. */
    public boolean reaches(String namespace) {
        if (within != null && !within.reaches(namespace)) {
            return false;
        }
        for (int i = 0; i < grants.size(); i++) {
            if (grants.get(i).reaches(namespace)) {
                return true;
            }
        }
        return false;
    }

    /** Whether {@code operation} is given on some name, whichever; of ADMINISTER, whether it is given. */
    public boolean allowsAnywhere(Operation operation) {
        if (within != null && !within.allowsAnywhere(operation)) {
            return false;
        }
        for (int i = 0; i < grants.size(); i++) {
            if (grants.get(i).operations().contains(operation)) {
                return true;
            }
        }
        return false;
    }

    /** Whether {@code operation} is given on every name of every namespace by one grant. */
    public boolean allowsEverywhere(Operation operation) {
        if (within != null && !within.allowsEverywhere(operation)) {
            return false;
        }
        for (int i = 0; i < grants.size(); i++) {
            if (grants.get(i).isOfAll() && grants.get(i).operations().contains(operation)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether one grant gives {@code operation} on every name that {@code pattern} matches, in which {@code *} stands
     * for one word between dots and {@code #} for any number of them. Never true where it is not so; where only several
     * grants together cover the pattern, false.
     */
    public boolean covers(Operation operation, String namespace, String pattern) {
        if (within != null && !within.covers(operation, namespace, pattern)) {
            return false;
        }
        int[] symbols = Glob.wordPattern(pattern);
        for (Grant grant : grants) {
            if (grant.covers(operation, namespace, symbols)) {
                return true;
            }
        }
        return false;
    }
}
