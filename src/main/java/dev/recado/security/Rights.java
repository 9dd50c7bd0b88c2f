package dev.recado.security;

import java.util.EnumSet;
import java.util.List;

/**
 * What somebody may do: the sum of some grants. A closed door stays closed: what no grant gives is not given. Topics
 * and exchanges share one space of names. Immutable; asking allocates nothing, but for patterns.
 */
public record Rights(List<Grant> grants) {

    /** Everything. */
    public static final Rights ALL =
            new Rights(List.of(new Grant(Grant.ANY, Grant.ANY, EnumSet.allOf(Operation.class))));

    /** Nothing. */
    public static final Rights NONE = new Rights(List.of());

    public Rights {
        grants = List.copyOf(grants);
    }

    public static Rights of(Grant... grants) {
        return new Rights(List.of(grants));
    }

    /** Whether one grant gives everything; so may several together of which this does not tell. */
    public boolean isAll() {
        for (int i = 0; i < grants.size(); i++) {
            if (grants.get(i).isEverything()) {
                return true;
            }
        }
        return false;
    }

    /** Whether {@code operation} is given on the topic or exchange of that name. */
    public boolean allows(Operation operation, String namespace, String name) {
        for (int i = 0; i < grants.size(); i++) {
            if (grants.get(i).allows(operation, namespace, name)) {
                return true;
            }
        }
        return false;
    }

    /** Whether something is given in that namespace, on some name. */
    public boolean reaches(String namespace) {
        for (int i = 0; i < grants.size(); i++) {
            if (grants.get(i).reaches(namespace)) {
                return true;
            }
        }
        return false;
    }

    /** Whether {@code operation} is given on some name, whichever; of ADMINISTER, whether it is given. */
    public boolean allowsAnywhere(Operation operation) {
        for (int i = 0; i < grants.size(); i++) {
            if (grants.get(i).operations().contains(operation)) {
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
        int[] symbols = Glob.wordPattern(pattern);
        for (Grant grant : grants) {
            if (grant.covers(operation, namespace, symbols)) {
                return true;
            }
        }
        return false;
    }
}
