package dev.recado.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.recado.base.ExitCode;
import dev.recado.base.SettingKey;
import dev.recado.core.topic.ExchangeSettings;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code recado exchange …}. */
@Command(
        name = "exchange",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "Creates, lists and deletes exchanges and binds topics and each other to them.")
final class ExchangeCommand {

    /** What joins an exchange and a topic or another exchange; mixed into bind and unbind. */
    static final class Binding {
        @Parameters(index = "0", paramLabel = "EXCHANGE")
        String exchange = "";

        @Parameters(index = "1", arity = "0..1", paramLabel = "TOPIC", description = "The topic.")
        @Nullable
        String place;

        @Option(names = "--topic", paramLabel = "TOPIC", description = "The topic, where it is not given by its place.")
        @Nullable
        String named;

        @Option(
                names = "--to-exchange",
                paramLabel = "EXCHANGE",
                description = "Another exchange in the place of a topic.")
        @Nullable
        String other;

        @Spec(Spec.Target.MIXEE)
        @Nullable
        CommandSpec command;

        @Option(names = "--key", defaultValue = "", description = "The binding's key; `topic` exchanges take * and #.")
        String key = "";

        @Option(
                names = "--headers",
                paramLabel = "KEY=VALUE",
                description = "Headers that a `headers` exchange compares, may be repeated.")
        Map<String, String> headers = new LinkedHashMap<>();

        @Option(
                names = "--values",
                paramLabel = "KEY=VALUE",
                description = "The same with values that are no texts: true, false, a number, 0x and hexadecimal"
                        + " digits.")
        Map<String, String> values = new LinkedHashMap<>();

        /** Whether it leads to a topic; anything but one topic or one exchange is wrong. */
        boolean leadsToTopic() {
            int given = (named == null ? 0 : 1) + (place == null ? 0 : 1) + (other == null ? 0 : 1);
            if (command != null && given != 1) {
                throw new ParameterException(
                        command.commandLine(), "give one topic, as TOPIC or --topic TOPIC, or --to-exchange EXCHANGE");
            }
            return other == null;
        }

        /** The name of the topic or the other exchange. */
        String target() {
            return String.valueOf(other != null ? other : named == null ? place : named);
        }
    }

    /** Settings of an exchange. */
    static final class Settings {
        @Option(
                names = {"-s", "--set"},
                paramLabel = "KEY=VALUE",
                description = "A setting of those below, may be repeated.")
        Map<String, String> values = new LinkedHashMap<>();
    }

    private final Terminal terminal;

    ExchangeCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Command(name = "create", mixinStandardHelpOptions = true, description = "Creates an exchange.")
    int create(
            @Mixin BrokerOptions broker,
            @Mixin OutputOptions output,
            @Mixin Settings settings,
            @Parameters(paramLabel = "EXCHANGE") String exchange,
            @Parameters(paramLabel = "TYPE", description = "direct, fanout, topic or headers.") String type)
            throws Exception {
        broker.ask(client -> client.admin().createExchange(exchange, type, settings.values));
        output.done(terminal, "created exchange " + exchange, out -> {
            out.writeStringField("done", "created");
            out.writeStringField("exchange", exchange);
        });
        return ExitCode.DONE;
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Lists the exchanges, or one of them, each binding on a line of its own.")
    int list(
            @Mixin BrokerOptions broker,
            @Mixin OutputOptions output,
            @Parameters(arity = "0..1", paramLabel = "EXCHANGE", description = "Only this one.") @Nullable String only)
            throws Exception {
        List<String> all = broker.ask(client -> client.admin().listExchanges());
        List<String> exchanges = all.stream()
                .filter(json -> only == null || only.equals(Json.fields(json).get("name")))
                .toList();
        if (only != null && exchanges.isEmpty()) {
            terminal.err().println("recado exchange list: no exchange " + only + "; see `recado exchange list`");
            return ExitCode.FAILED;
        }
        output.print(
                terminal,
                output.isJson()
                        ? exchanges
                        : exchanges.stream().flatMap(ExchangeCommand::bindings).toList());
        return ExitCode.DONE;
    }

    /** A row for each binding of an exchange, and one for an exchange without any. */
    private static Stream<String> bindings(String json) {
        Map<String, String> exchange = Json.fields(json);
        List<String> bindings = Json.elements(exchange.getOrDefault("bindings", ""));
        return (bindings.isEmpty() ? List.of("{}") : bindings)
                .stream().map(Json::fields).map(binding -> {
                    String headers = binding.getOrDefault("headers", "{}");
                    return Json.object(out -> {
                        out.writeStringField("name", exchange.getOrDefault("name", ""));
                        out.writeStringField("type", exchange.getOrDefault("type", ""));
                        out.writeStringField("topic", binding.getOrDefault("topic", ""));
                        out.writeStringField("key", binding.getOrDefault("key", ""));
                        out.writeStringField("headers", headers.equals("{}") ? "" : headers);
                        writeWhereGiven(out, "values", binding.getOrDefault("values", ""));
                        writeWhereGiven(out, "to-exchange", binding.getOrDefault("exchange", ""));
                        writeWhereGiven(out, "set", set(exchange));
                    });
                });
    }

    /** A column that there is only where some exchange needs it. */
    private static void writeWhereGiven(JsonGenerator out, String name, String value) throws IOException {
        if (!value.isEmpty()) {
            out.writeStringField(name, value);
        }
    }

    /** The settings that are not at their defaults, as {@code --set} takes them. */
    private static String set(Map<String, String> exchange) {
        StringJoiner set = new StringJoiner(" ");
        for (SettingKey<?> key : ExchangeSettings.KEYS) {
            String standard = key.setting().defaultText();
            String value = exchange.getOrDefault(key.name(), standard);
            if (!value.equals(standard)) {
                set.add(key.name() + "=" + value);
            }
        }
        return set.toString();
    }

    @Command(
            name = "delete",
            mixinStandardHelpOptions = true,
            description = "Deletes an exchange, its bindings and those to it.")
    int delete(
            @Mixin BrokerOptions broker,
            @Mixin OutputOptions output,
            @Parameters(paramLabel = "EXCHANGE") String exchange)
            throws Exception {
        broker.ask(client -> client.admin().deleteExchange(exchange));
        output.done(terminal, "deleted exchange " + exchange, out -> {
            out.writeStringField("done", "deleted");
            out.writeStringField("exchange", exchange);
        });
        return ExitCode.DONE;
    }

    @Command(
            name = "bind",
            mixinStandardHelpOptions = true,
            description = "Binds a topic or another exchange to an exchange.")
    int bind(@Mixin BrokerOptions broker, @Mixin OutputOptions output, @Mixin Binding one) throws Exception {
        boolean toTopic = one.leadsToTopic();
        broker.ask(client -> toTopic
                ? client.admin().bind(one.exchange, one.target(), one.key, one.headers, one.values)
                : client.admin().bindExchange(one.exchange, one.target(), one.key, one.headers, one.values));
        done(output, "bound", " to ", one);
        return ExitCode.DONE;
    }

    @Command(name = "unbind", mixinStandardHelpOptions = true, description = "Removes a binding.")
    int unbind(@Mixin BrokerOptions broker, @Mixin OutputOptions output, @Mixin Binding one) throws Exception {
        boolean toTopic = one.leadsToTopic();
        broker.ask(client -> toTopic
                ? client.admin().unbind(one.exchange, one.target(), one.key, one.headers, one.values)
                : client.admin().unbindExchange(one.exchange, one.target(), one.key, one.headers, one.values));
        done(output, "unbound", " from ", one);
        return ExitCode.DONE;
    }

    private void done(OutputOptions output, String past, String preposition, Binding binding) {
        output.done(terminal, past + " " + binding.target() + preposition + binding.exchange, out -> {
            out.writeStringField("done", past);
            out.writeStringField("exchange", binding.exchange);
            out.writeStringField(binding.leadsToTopic() ? "topic" : "to-exchange", binding.target());
            out.writeStringField("key", binding.key);
            Json.writeMap(out, "headers", binding.headers);
            if (!binding.values.isEmpty()) {
                Json.writeMap(out, "values", binding.values);
            }
        });
    }
}
