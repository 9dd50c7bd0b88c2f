package dev.recado.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Settings as bytes, to which later versions append. */
class StoredSettingsTest {

    private static final SettingKey<Integer> FIRST = SettingKey.ofInt(Setting.integer("a", 0, 0, 9, "A."), 5);
    private static final SettingKey<String> NAME =
            SettingKey.ofString(Setting.text("b", "none", 0, 9, "B."), "none", text -> text.equals("x") ? text : null);
    private static final SettingKey<Boolean> LATER = SettingKey.ofFlag("c", true, "C.");
    private static final SettingKey<Integer> LAST = SettingKey.ofInt(Setting.integer("d", 0, 0, 9, "D."), 7);

    private static final SettingSet STANDARD = SettingSet.standard(List.of(FIRST, NAME, LATER, LAST));
    private static final StoredSettings OLD = new StoredSettings(2, List.of(FIRST, NAME));
    private static final StoredSettings NEW = new StoredSettings(2, List.of(FIRST, NAME, LATER, LAST));

    private static String written(StoredSettings stored, SettingSet set) {
        ByteWriter out = new ByteWriter(16);
        stored.encode(set, out);
        return HexFormat.of().formatHex(out.toByteArray());
    }

    private static SettingSet read(StoredSettings stored, String hex) {
        ByteReader in = new ByteReader(HexFormat.of().parseHex(hex));
        SettingSet set = stored.decode(STANDARD, in);
        assertThat(in.consumed()).isTrue();
        return set;
    }

    @Test
    void shouldWriteLaterValuesUpToTheLastThatIsNotAtItsDefault() {
        assertThat(written(NEW, STANDARD)).isEqualTo("020500");
        assertThat(written(NEW, STANDARD.with(NAME, "é"))).isEqualTo("02050102c3a9");
        assertThat(written(NEW, STANDARD.with(LATER, false))).isEqualTo("03050000");
        assertThat(written(NEW, STANDARD.with(LAST, 8))).isEqualTo("0405000108");
    }

    @Test
    void shouldReadWhatWasWrittenBeforeAKeyWasThere() {
        assertThat(read(NEW, written(OLD, STANDARD.with(FIRST, 3)))).isEqualTo(STANDARD.with(FIRST, 3));
        assertThat(read(NEW, "0405000108")).isEqualTo(STANDARD.with(LAST, 8));
        assertThat(read(OLD, written(NEW, STANDARD.with(NAME, "any")))).isEqualTo(STANDARD.with(NAME, "any"));
    }

    @Test
    void shouldFailForMoreValuesThanItKnows() {
        for (String hex : List.of("03050000", "0405000108", "02", "0a0500", "020502", "02050101ff", "ff")) {
            ByteReader in = new ByteReader(HexFormat.of().parseHex(hex));
            OLD.decode(STANDARD, in);
            assertThat(in.consumed()).as(hex).isEqualTo(hex.equals("02050101ff"));
        }
    }
}
