package dev.recado.cli;

import dev.recado.base.Setting;
import dev.recado.base.SettingKey;
import dev.recado.core.topic.ExchangeSettings;
import dev.recado.core.topic.GroupSpec;
import dev.recado.core.topic.TopicSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.UsageMessageSpec;

/** What the settings of topics, groups and exchanges mean, below the help of the commands that take them. */
final class SettingHelp {

    private static final String INDENT = "      ";
    private static final int LINE_CHARS_MAX = 80;
    private static final String GRAMMAR =
            "Durations: 500ms, 30s, 7d, 12h. Sizes: 4096, 64KiB, 1GiB. none: also -1, and 0"
                    + " where that is below the least.";

    /** Which commands take which settings. */
    private static final Map<String, List<SettingKey<?>>> COMMANDS =
            Map.of("topic", TopicSettings.KEYS, "group", GroupSpec.KEYS, "exchange", ExchangeSettings.KEYS);

    private SettingHelp() {}

    /** Adds it to the commands of {@code root} that take settings; it is made when it is asked for. */
    static void addTo(CommandLine root) {
        COMMANDS.forEach((name, keys) -> {
            CommandLine command = root.getSubcommands().get(name);
            if (command != null) {
                addTo(command, "create", keys);
                addTo(command, "alter", keys);
            }
        });
    }

    private static void addTo(CommandLine parent, String name, List<SettingKey<?>> keys) {
        CommandLine command = parent.getSubcommands().get(name);
        if (command != null) {
            command.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_FOOTER, help -> text(keys));
        }
    }

    /** One entry a setting: name, default, what it does and what it may be. */
    static String text(List<SettingKey<?>> keys) {
        StringBuilder text = new StringBuilder("\nSettings (default):\n");
        List<String> fixed = new ArrayList<>();
        for (SettingKey<?> key : keys) {
            Setting setting = key.setting();
            text.append("  ")
                    .append(key.name())
                    .append(" (")
                    .append(setting.defaultText())
                    .append(")\n");
            wrap(text, INDENT, setting.description().replace("`", "") + ": " + key.allowed());
            if (key.isFixed()) {
                fixed.add(key.name());
            }
        }
        wrap(text, "", "Fixed once it is made: " + String.join(", ", fixed) + ".");
        wrap(text, "", GRAMMAR);
        return text.toString();
    }

    private static void wrap(StringBuilder text, String indent, String words) {
        int column = 0;
        for (String word : words.split(" ", -1)) {
            if (column > 0 && column + 1 + word.length() > LINE_CHARS_MAX) {
                text.append('\n');
                column = 0;
            }
            String before = column == 0 ? indent : " ";
            text.append(before).append(word);
            column += before.length() + word.length();
        }
        text.append('\n');
    }
}
