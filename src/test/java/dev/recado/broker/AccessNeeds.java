package dev.recado.broker;

import dev.recado.security.Grant;
import dev.recado.security.Operation;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Rights as tables of tests spell them: {@code publish orders} is one on the topic or exchange of that name, {@code
 * publish} one on some name, {@code administer} the one on the node; several are joined by commas.
 */
public final class AccessNeeds {

    private static final Set<Operation> OF_THE_NODE = Set.of(Operation.ADMINISTER, Operation.MONITOR);

    private AccessNeeds() {}

    /** One by one. */
    public static List<String> of(String needs) {
        return needs.isEmpty() ? List.of() : List.of(needs.split(", "));
    }

    /** The grants that a row's {@code needs} spell, {@code names} being put in the place of the table's. */
    public static List<Grant> grants(List<String> needs, UnaryOperator<String> names) {
        return needs.stream().map(need -> grant(need, names)).toList();
    }

    private static Grant grant(String need, UnaryOperator<String> names) {
        String[] words = need.split(" ");
        Operation operation = operation(need);
        if (words.length == 1) {
            return new Grant(OF_THE_NODE.contains(operation) ? "*" : "/", "*", Set.of(operation));
        }
        boolean open = words[1].endsWith("*");
        String name = names.apply(words[1].replace("*", ""));
        return Grant.of(open ? name + "*" : name, operation);
    }

    public static Operation operation(String need) {
        return Operation.valueOf(need.split(" ")[0].toUpperCase(Locale.ROOT));
    }

    /** Everything but {@code missing} of {@code needs}, and all other operations on the same names and on others. */
    public static List<Grant> without(String missing, List<String> needs, UnaryOperator<String> names) {
        Operation lacks = operation(missing);
        List<Grant> grants = new ArrayList<>(
                grants(needs.stream().filter(need -> !need.equals(missing)).toList(), names));
        Set<Operation> others = EnumSet.complementOf(EnumSet.of(lacks));
        if (lacks == Operation.BROWSE) {
            others.remove(Operation.CONSUME);
        } else if (lacks == Operation.MONITOR) {
            others.clear(); // each of them brings it
        }
        grants.add(new Grant("*", "*", others));
        if (missing.contains(" ")) {
            grants.add(Grant.of("else*", lacks));
        }
        return grants;
    }
}
