package dev.recado.cli;

import dev.recado.base.ExitCode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
        description = "Creates, lists and deletes exchanges and binds topics to them.")
final class ExchangeCommand {

    /** What joins an exchange and a topic; mixed into bind and unbind. */
    static final class Binding {
        @Parameters(index = "0", paramLabel = "EXCHANGE")
        String exchange = "";

        @Parameters(index = "1", arity = "0..1", paramLabel = "TOPIC", description = "The topic.")
        @Nullable
        String place;

        @Option(names = "--topic", paramLabel = "TOPIC", description = "The topic, where it is not given by its place.")
        @Nullable
        String named;

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

        String topic() {
            String given = named == null ? place : named;
            if (command != null && (given == null || named != null && place != null)) {
                throw new ParameterException(command.commandLine(), "give one topic, as TOPIC or --topic TOPIC");
            }
            return String.valueOf(given);
        }
    }

    private final Terminal terminal;

    ExchangeCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Command(name = "create", mixinStandardHelpOptions = true, description = "Creates an exchange.")
    int create(
            @Mixin BrokerOptions broker,
            @Mixin OutputOptions output,
            @Parameters(paramLabel = "EXCHANGE") String exchange,
            @Parameters(paramLabel = "TYPE", description = "direct, fanout, topic or headers.") String type)
            throws Exception {
        broker.ask(client -> client.admin().createExchange(exchange, type));
        output.done(terminal, "created exchange " + exchange, out -> {
            out.writeStringField("done", "created");
            out.writeStringField("exchange", exchange);
        });
        return ExitCode.DONE;
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Lists the exchanges, each binding on a line of its own.")
    int list(@Mixin BrokerOptions broker, @Mixin OutputOptions output) throws Exception {
        List<String> exchanges = broker.ask(client -> client.admin().listExchanges());
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
                    });
                });
    }

    @Command(name = "delete", mixinStandardHelpOptions = true, description = "Deletes an exchange and its bindings.")
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

    @Command(name = "bind", mixinStandardHelpOptions = true, description = "Binds a topic to an exchange.")
    int bind(@Mixin BrokerOptions broker, @Mixin OutputOptions output, @Mixin Binding binding) throws Exception {
        broker.ask(client -> client.admin().bind(binding.exchange, binding.topic(), binding.key, binding.headers));
        done(output, "bound", " to ", binding);
        return ExitCode.DONE;
    }

    @Command(name = "unbind", mixinStandardHelpOptions = true, description = "Removes a binding.")
    int unbind(@Mixin BrokerOptions broker, @Mixin OutputOptions output, @Mixin Binding binding) throws Exception {
        broker.ask(client -> client.admin().unbind(binding.exchange, binding.topic(), binding.key, binding.headers));
        done(output, "unbound", " from ", binding);
        return ExitCode.DONE;
    }

    private void done(OutputOptions output, String past, String preposition, Binding binding) {
        output.done(terminal, past + " " + binding.topic() + preposition + binding.exchange, out -> {
            out.writeStringField("done", past);
            out.writeStringField("exchange", binding.exchange);
            out.writeStringField("topic", binding.topic());
            out.writeStringField("key", binding.key);
            Json.writeMap(out, "headers", binding.headers);
        });
    }
}
