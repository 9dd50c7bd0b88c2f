package dev.recado.core.topic;

import dev.recado.base.Outcome;
import dev.recado.base.Setting;
import dev.recado.base.SettingKey;
import dev.recado.base.SettingSet;
import dev.recado.core.group.GroupSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What can be said about a group that is made: its settings, and where it begins. Immutable. */
public record GroupSpec(GroupSettings settings, StartPosition from) {

    /** Where a new group begins; one that is there is moved. */
    public static final SettingKey<StartPosition> FROM = SettingKey.ofText(
                    Setting.text("from", StartPosition.next().text(), 1, 32, "Where the group begins"),
                    StartPosition.next(),
                    StartPosition::parse,
                    StartPosition::text)
            .allowing(StartPosition.ALLOWED)
            .fixed();

    /** Those of a group and {@link #FROM}, in the order in which people read them. */
    public static final List<SettingKey<?>> KEYS = keys();

    public static final GroupSpec DEFAULT = new GroupSpec(GroupSettings.DEFAULT, FROM.standard());

    private static List<SettingKey<?>> keys() {
        List<SettingKey<?>> keys = new ArrayList<>(GroupSettings.KEYS);
        keys.add(1, FROM);
        return List.copyOf(keys);
    }

    /** {@code base} changed by names and values, or a refusal that names key, value and what is allowed. */
    public static Outcome<GroupSpec> parse(GroupSpec base, Map<String, String> given) {
        Outcome<SettingSet> parsed = base.values().parsed(given);
        if (parsed instanceof Outcome.Granted<SettingSet> granted) {
            SettingSet values = granted.value();
            return Outcome.of(new GroupSpec(GroupSettings.of(values), values.get(FROM)));
        }
        return new Outcome.Refused<>(((Outcome.Refused<SettingSet>) parsed).refusal());
    }

    /** The value of every key of {@link #KEYS}. */
    public SettingSet values() {
        return SettingSet.standard(KEYS).withAll(settings.values()).with(FROM, from);
    }
}
