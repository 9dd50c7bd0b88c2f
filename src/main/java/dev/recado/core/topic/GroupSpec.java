package dev.recado.core.topic;

import dev.recado.base.Outcome;
import dev.recado.core.group.GroupSettings;
import java.util.Map;

/** What a command says about a group: its settings, and where it begins if it is new. Immutable. */
public record GroupSpec(GroupSettings settings, StartPosition from) {

    public static final GroupSpec DEFAULT = new GroupSpec(GroupSettings.DEFAULT, StartPosition.next());

    /**
     * {@code base} changed by the text protocol's keys and values, or a refusal that names key, value and what is
     * allowed.
     */
    public static Outcome<GroupSpec> parse(GroupSpec base, Map<String, String> given) {
        return SettingsText.group(base, given);
    }
}
