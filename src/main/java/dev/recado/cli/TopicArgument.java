package dev.recado.cli;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * A topic, given by its place or by {@code --topic}; mixed into every command that takes one. The kinds below take one
 * thing more behind it, which moves to the first place where the topic is given by name.
 */
public class TopicArgument {

    @Option(names = "--topic", paramLabel = "TOPIC", description = "The topic, where it is not given by its place.")
    @Nullable
    String named;

    @Parameters(index = "0", arity = "0..1", paramLabel = "TOPIC", description = "The topic.")
    @Nullable
    String first;

    @Spec(Spec.Target.MIXEE)
    @Nullable
    CommandSpec command;

    /** The topic; without one the command is used wrongly. */
    String topic() {
        String given = named == null ? first : named;
        if (given == null) {
            throw wrong("give a topic, as TOPIC or --topic TOPIC");
        }
        if (named != null && first != null && !takesMore()) {
            throw wrong("give the topic once, as TOPIC or --topic TOPIC");
        }
        return given;
    }

    /** The topic, or {@code otherwise}. */
    public String topicOr(String otherwise) {
        return named == null && first == null ? otherwise : topic();
    }

    boolean takesMore() {
        return false;
    }

    /** What stands behind the topic. */
    final String behind(@Nullable String option, @Nullable String second, String what) {
        String place = named == null ? second : first;
        boolean surplus = named != null && second != null;
        if (surplus || option != null && place != null) {
            throw wrong("an argument too many: give the topic once, and " + what);
        }
        String given = option == null ? place : option;
        if (given == null) {
            throw wrong("give " + what);
        }
        return given;
    }

    /** To change nothing is wrong usage. */
    final void checkGiven(Map<String, String> settings) {
        if (settings.isEmpty()) {
            throw wrong("give what to change, as --set KEY=VALUE");
        }
    }

    /** What tells that the command is used wrongly. */
    final ParameterException wrong(String text) {
        CommandSpec its = command;
        if (its == null) {
            throw new IllegalStateException(text);
        }
        return new ParameterException(its.commandLine(), text);
    }

    /** A topic and one of its groups. */
    static final class AndGroup extends TopicArgument {
        @Option(names = "--group", paramLabel = "GROUP", description = "The group, where it is not given by its place.")
        @Nullable
        String namedGroup;

        @Parameters(index = "1", arity = "0..1", paramLabel = "GROUP", description = "The group.")
        @Nullable
        String second;

        String group() {
            return behind(namedGroup, second, "a group, as GROUP or --group GROUP");
        }

        @Override
        boolean takesMore() {
            return true;
        }
    }

    /** A topic and a text for it. */
    static final class AndText extends TopicArgument {
        @Parameters(
                index = "1",
                arity = "0..1",
                paramLabel = "TEXT",
                description = "The payload; - reads it from standard input.")
        @Nullable
        String second;

        String text() {
            return behind(null, second, "a TEXT, or - to read it from standard input");
        }

        @Override
        boolean takesMore() {
            return true;
        }
    }

    /** A topic and the id of one of its messages. */
    static final class AndId extends TopicArgument {
        @Parameters(index = "1", arity = "0..1", paramLabel = "ID", description = "Its id in the dead-letter topic.")
        @Nullable
        String second;

        String id() {
            return behind(null, second, "an ID, as `recado dead list` shows it");
        }

        @Override
        boolean takesMore() {
            return true;
        }
    }
}
