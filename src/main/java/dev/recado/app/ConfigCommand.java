package dev.recado.app;

import dev.recado.base.ExitCode;
import dev.recado.base.Setting;
import dev.recado.base.SettingValues;
import dev.recado.cli.Json;
import dev.recado.cli.OutputOptions;
import dev.recado.config.ConfigException;
import dev.recado.config.SettingTable;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code recado config}: what a broker started with the same options would use. */
@Command(
        name = "config",
        mixinStandardHelpOptions = true,
        description = "List every setting with its value, and check them.")
final class ConfigCommand implements Callable<Integer> {

    @Mixin
    SettingOptions settings = new SettingOptions();

    @Mixin
    OutputOptions output = new OutputOptions();

    @Mixin
    Console console = new Console();

    @Override
    public Integer call() throws ConfigException {
        SettingValues values = settings.loader().rule(OpenListeners::refusals).values();
        List<Setting> table = SettingTable.ofProgram().settings();
        PrintWriter out = console.out();
        if (output.isJson()) {
            out.println(Json.object(json -> {
                for (Setting setting : table) {
                    json.writeStringField(setting.key(), values.text(setting.key()));
                }
            }));
            return ExitCode.DONE;
        }
        for (Setting setting : table) {
            out.println("# " + setting.description() + "; " + setting.allowed());
            out.println(setting.key() + ": " + values.text(setting.key()));
        }
        return ExitCode.DONE;
    }
}
