package dev.recado.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.Setting;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SettingTableTest {

    private static final SettingTable TABLE = SettingTable.ofProgram();

    @Test
    void shouldAllowItsOwnDefaults() {
        for (Setting setting : TABLE.settings()) {
            assertThat(setting.allows(setting.defaultText())).as(setting.key()).isTrue();
        }
    }

    @Test
    void shouldNameEachSettingAndVariableOnce() {
        Set<String> names = new HashSet<>();
        for (Setting setting : TABLE.settings()) {
            assertThat(setting.key()).matches("[a-z]+(-[a-z]+)*(\\.[a-z]+(-[a-z]+)*)+");
            assertThat(names.add(setting.key())).as(setting.key()).isTrue();
            assertThat(names.add(setting.variable())).as(setting.variable()).isTrue();
        }
    }

    @Test
    void shouldSuggestTheNearestKey() {
        assertThat(TABLE.suggest("text.prot")).isEqualTo("text.port");
        assertThat(TABLE.suggest("groups.maxmembers")).isEqualTo("groups.max-members");
        assertThat(TABLE.suggest("completely.unlike-anything.here")).isNull();
    }
}
