package dev.recado.apps.coffee;

import dev.recado.apps.coffee.node.Topology;
import dev.recado.apps.coffee.query.QueryOptions;
import java.io.PrintWriter;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What has to be the same for all nodes of the coffee shop; mixed into their commands. */
@Command
public final class CoffeeOptions {

    private static final Pattern HOURS =
            Pattern.compile("([01]\\d|2[0-3]):([0-5]\\d):([0-5]\\d)-([01]\\d|2[0-3]):([0-5]\\d):([0-5]\\d)");
    private static final Pattern TOP = Pattern.compile("[1-9]\\d{0,8}");

    @Spec(Spec.Target.MIXEE)
    @Nullable
    CommandSpec command;

    @Option(
            names = "--aggregators",
            paramLabel = "N",
            defaultValue = "1",
            description = "How many aggregators each query has, the same for all nodes (default: ${DEFAULT-VALUE}).")
    int aggregators;

    @Option(
            names = "--hours",
            paramLabel = "FROM-TO",
            defaultValue = "06:00:00-23:00:00",
            description = "The times of day of queries 1 and 3; both belong to it (default: ${DEFAULT-VALUE}).")
    String hours = "";

    @Option(
            names = "--top",
            paramLabel = "N|all",
            defaultValue = "1",
            description = "How many items of each month query 2 shows (default: ${DEFAULT-VALUE}).")
    String top = "";

    /** Standard output. */
    PrintWriter out() {
        return commandLine().getOut();
    }

    /** Standard error. */
    PrintWriter err() {
        return commandLine().getErr();
    }

    Topology topology() {
        check(
                aggregators >= 1 && aggregators <= Topology.AGGREGATORS_MAX,
                "--aggregators takes 1 to " + Topology.AGGREGATORS_MAX);
        return new Topology(aggregators);
    }

    QueryOptions query() {
        Matcher matcher = HOURS.matcher(hours);
        check(matcher.matches(), "--hours takes two times such as 06:00:00-23:00:00");
        int from = time(matcher, 1);
        int to = time(matcher, 4);
        check(from <= to, "--hours goes backwards");
        check(top.equals("all") || TOP.matcher(top).matches(), "--top takes a number from 1, or all");
        int items = top.equals("all") ? QueryOptions.ALL : Integer.parseInt(top);
        return QueryOptions.DEFAULT.withTimes(from, to).withTop(items);
    }

    private static int time(Matcher matcher, int group) {
        return Integer.parseInt(matcher.group(group) + matcher.group(group + 1) + matcher.group(group + 2));
    }

    /** Refuses the call as wrong usage unless {@code condition} holds. */
    void check(boolean condition, String wrong) {
        if (!condition) {
            throw new ParameterException(commandLine(), wrong);
        }
    }

    /** As they were given or are by default, for the command lines of nodes. */
    List<String> arguments() {
        return List.of("--aggregators", Integer.toString(aggregators), "--hours", hours, "--top", top);
    }

    private CommandLine commandLine() {
        return Objects.requireNonNull(command, "picocli fills it before the command runs")
                .commandLine();
    }
}
