package dev.recado.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * How many classes of a package reach each other: to know one of them is to know all. Nested classes count as the ones
 * around them. As the compiled classes tell it: who only uses a constant of another, which is copied, does not know it.
 */
class TangleTest {

    private static final int TANGLE_MAX = 10;

    /** Where it is more today. A figure only ever goes down; the goal is a package without an entry. */
    private static final Map<String, Integer> TODAY = Map.of();

    @Test
    void shouldNotTangleClasses() {
        // Given
        Map<String, Map<String, Set<String>>> packages = graphs();

        // When
        Map<String, Integer> largest = new TreeMap<>();
        Map<String, Set<String>> members = new TreeMap<>();
        packages.forEach((name, graph) -> {
            Set<String> tangle = new Tangles(graph).largest();
            if (tangle.size() > TANGLE_MAX) {
                largest.put(name, tangle.size());
                members.put(name, tangle);
            }
        });

        // Then
        System.out.println("TangleTest " + largest);
        assertThat(largest).as("%s", members).isEqualTo(new TreeMap<>(TODAY));
    }

    private static Map<String, Map<String, Set<String>>> graphs() {
        JavaClasses product = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .withImportOption(location -> !location.contains(".jar"))
                .importPackages("dev.recado");
        Map<String, Map<String, Set<String>>> packages = new TreeMap<>();
        for (JavaClass one : product) {
            Map<String, Set<String>> graph = packages.computeIfAbsent(one.getPackageName(), unused -> new TreeMap<>());
            Set<String> known = graph.computeIfAbsent(outer(one), unused -> new TreeSet<>());
            for (Dependency dependency : one.getDirectDependenciesFromSelf()) {
                JavaClass target = dependency.getTargetClass().getBaseComponentType();
                if (target.getPackageName().equals(one.getPackageName())) {
                    known.add(outer(target));
                }
            }
        }
        return packages;
    }

    private static String outer(JavaClass one) {
        String name = one.getName();
        int nested = name.indexOf('$');
        return nested < 0 ? name : name.substring(0, nested);
    }

    /** Strongly connected classes, by Tarjan's algorithm. */
    private static final class Tangles {
        private final Map<String, Set<String>> graph;
        private final Map<String, Integer> numbers = new HashMap<>();
        private final Map<String, Integer> lowest = new HashMap<>();
        private final Deque<String> stack = new ArrayDeque<>();
        private final List<Set<String>> found = new ArrayList<>();

        Tangles(Map<String, Set<String>> graph) {
            this.graph = graph;
        }

        Set<String> largest() {
            graph.keySet().forEach(name -> {
                if (!numbers.containsKey(name)) {
                    visit(name);
                }
            });
            return found.stream()
                    .max((left, right) -> Integer.compare(left.size(), right.size()))
                    .orElse(Set.of());
        }

        private void visit(String name) {
            numbers.put(name, numbers.size());
            lowest.put(name, numbers.get(name));
            stack.push(name);
            for (String next : graph.getOrDefault(name, Set.of())) {
                if (!numbers.containsKey(next)) {
                    visit(next);
                    lowest.merge(name, lowest.get(next), Math::min);
                } else if (stack.contains(next)) {
                    lowest.merge(name, numbers.get(next), Math::min);
                }
            }
            if (lowest.get(name).equals(numbers.get(name))) {
                Set<String> tangle = new TreeSet<>();
                String member;
                do {
                    member = stack.pop();
                    tangle.add(member);
                } while (!member.equals(name));
                found.add(tangle);
            }
        }
    }
}
