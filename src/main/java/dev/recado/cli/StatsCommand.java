package dev.recado.cli;

import dev.recado.base.ExitCode;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code recado stats}. */
@Command(name = "stats", mixinStandardHelpOptions = true, description = "Prints the figures of a broker.")
final class StatsCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Mixin
    BrokerOptions broker = new BrokerOptions();

    @Mixin
    OutputOptions output = new OutputOptions();

    StatsCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws Exception {
        List<String> lines = broker.ask(client -> client.admin().stats());
        if (output.isJson()) {
            terminal.println(asObject(lines));
        } else {
            lines.forEach(terminal::println);
        }
        return ExitCode.DONE;
    }

    /** Lines of {@code name value}, {@code name=value} or {@code name: value} as one object. */
    private static String asObject(List<String> lines) {
        if (lines.size() == 1 && lines.get(0).startsWith("{")) {
            return lines.get(0);
        }
        return Json.object(out -> {
            for (String line : lines) {
                String[] pair = line.trim().split("\\s*[=:\\s]\\s*", 2);
                String value = pair.length > 1 ? pair[1] : "";
                if (value.matches("-?[0-9]{1,18}")) {
                    out.writeNumberField(pair[0], Long.parseLong(value));
                } else {
                    out.writeStringField(pair[0], value);
                }
            }
        });
    }
}
