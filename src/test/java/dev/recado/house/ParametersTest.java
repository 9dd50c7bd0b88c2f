package dev.recado.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Seven parameters, then a record: who calls with more mixes two of them up one day. */
class ParametersTest {

    private static final int PARAMETERS_MAX = 7;

    private static final String LAYOUT = "on the way of every message or entry: a group would be one object more";

    /** What has more today, and why. The list only shrinks. */
    private static final Map<String, String> MORE = Map.ofEntries(
            Map.entry("config.Config", "one component a room, each of another type"),
            Map.entry("core.message.EntryHeader", LAYOUT),
            Map.entry("core.message.RunLayout#setHeader", LAYOUT),
            Map.entry("core.message.StoredRun", LAYOUT),
            Map.entry("shard.PendingRun#ofOne", LAYOUT));

    @Test
    void shouldTakeSevenParametersAtMost() {
        // When
        Map<String, Integer> found = new TreeMap<>();
        for (JavaClass one : new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .withImportOption(location -> !location.contains(".jar"))
                .importPackages("dev.recado")) {
            for (JavaCodeUnit unit : one.getCodeUnits()) {
                int count = unit.getRawParameterTypes().size() - added(one, unit);
                if (count > PARAMETERS_MAX && !isOfTheCompiler(unit)) {
                    String name = one.getName().substring("dev.recado.".length());
                    found.put(unit.isConstructor() ? name : name + "#" + unit.getName(), count);
                }
            }
        }

        // Then
        assertThat(found.keySet()).as("%s", found).isEqualTo(new TreeMap<>(MORE).keySet());
    }

    /** The compiler gives the constructor of a constant name and ordinal, that of an inner class the outer object. */
    private static int added(JavaClass one, JavaCodeUnit unit) {
        if (!unit.isConstructor()) {
            return 0;
        }
        return one.isEnum() ? 2 : one.isInnerClass() ? 1 : 0;
    }

    private static boolean isOfTheCompiler(JavaCodeUnit unit) {
        return unit.getModifiers().contains(JavaModifier.SYNTHETIC);
    }
}
