package dev.recado.transport.text;

import dev.recado.base.ErrorCode;
import dev.recado.base.Names;
import dev.recado.base.Outcome;
import dev.recado.base.PercentCodec;
import dev.recado.base.Refusal;
import dev.recado.core.topic.GroupDef;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What stands in the fields of commands that administrate; refuses what does not fit. One session's, one owner. */
final class CommandFields {

    private static final String MALFORMED = "malformed percent-encoding";

    private final Dialogue dialogue;

    CommandFields(Dialogue dialogue) {
        this.dialogue = dialogue;
    }

    boolean fits(TextCommand command, int fieldsMin, int fieldsMax, String grammar) {
        boolean good = command.fieldCount >= fieldsMin && command.fieldCount <= fieldsMax;
        if (!good) {
            invalid(grammar);
        }
        return good;
    }

    void invalid(String detail) {
        dialogue.refuse(ErrorCode.INVALID_ARGUMENT, detail);
    }

    void unknown(TextCommand command, String what) {
        dialogue.refuse(ErrorCode.UNKNOWN_COMMAND, unknown(command.verb.name() + ":", what));
    }

    /** What is refused as an unknown command: where that has small letters, also how it is spelled. */
    static String unknown(String before, String what) {
        boolean isSmall = what.chars().anyMatch(letter -> letter >= 'a' && letter <= 'z');
        return before + Names.shown(what) + (isSmall ? ", commands are in upper case and HELP lists them" : "");
    }

    @Nullable
    String text(TextCommand command, int field) {
        String text = command.text(field);
        if (text == null) {
            invalid(MALFORMED);
        }
        return text;
    }

    @Nullable
    Topic topic(TextCommand command, int field) {
        String name = text(command, field);
        Topic topic = name == null ? null : dialogue.catalog().topic(dialogue.name(name));
        if (name != null && topic == null) {
            dialogue.refuse(TopicLookup.unknown(name));
        }
        return topic;
    }

    @Nullable
    GroupDef group(Topic topic, TextCommand command, int field) {
        String name = text(command, field);
        GroupDef group = name == null ? null : topic.group(name);
        if (name != null && group == null) {
            dialogue.refuse(ErrorCode.GROUP_NOT_FOUND, Names.shown(name));
        }
        return group;
    }

    @Nullable
    StartPosition from(TextCommand command, int field) {
        StartPosition from = StartPosition.parse(command.raw(field));
        if (from == null) {
            boolean isId = command.dash(field) >= 0 && MessageIdText.offset(command, field) >= 0;
            invalid((isId ? "from holds for every partition and takes no partition" : "from") + ", allowed="
                    + StartPosition.ALLOWED);
        }
        return from;
    }

    /** {@code name=value&name=value} of a field that may be absent. */
    @Nullable
    Map<String, String> pairs(TextCommand command, int field) {
        Map<String, String> pairs = new LinkedHashMap<>();
        String raw = field < command.fieldCount ? command.raw(field) : "";
        for (String pair : raw.isEmpty() ? new String[0] : raw.split("&", -1)) {
            int equals = pair.indexOf('=');
            String name = PercentCodec.decode(equals < 0 ? pair : pair.substring(0, equals));
            String value = PercentCodec.decode(equals < 0 ? "" : pair.substring(equals + 1));
            if (name == null || name.isEmpty() || value == null || pairs.putIfAbsent(name, value) != null) {
                invalid("not a list of different k=v joined by &: " + Names.shown(raw));
                return null;
            }
        }
        return pairs;
    }

    <T> @Nullable T granted(Outcome<T> outcome) {
        if (outcome instanceof Outcome.Granted<T> granted) {
            return granted.value();
        }
        if (outcome instanceof Outcome.Refused<T> refused) {
            Refusal refusal = refused.refusal();
            dialogue.refuse(refusal);
        }
        return null;
    }
}
