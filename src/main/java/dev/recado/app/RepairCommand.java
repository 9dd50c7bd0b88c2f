package dev.recado.app;

import dev.recado.base.ExitCode;
import dev.recado.cli.OutputOptions;
import dev.recado.config.ConfigException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code recado repair}: says what is damaged, and cuts it only when told to accept the loss. */
@Command(
        name = "repair",
        mixinStandardHelpOptions = true,
        description = "Check the data of a stopped broker. Changes nothing unless --accept-loss is given.",
        footer = "Exits with 1 while damage is left.")
final class RepairCommand implements Callable<Integer> {

    @Mixin
    SettingOptions settings = new SettingOptions();

    @Option(
            names = "--accept-loss",
            description = "Cut what is damaged, so that the broker starts again without it. Take a backup before.")
    boolean acceptLoss;

    @Mixin
    OutputOptions output = new OutputOptions();

    @Mixin
    Console console = new Console();

    @Override
    public Integer call() throws ConfigException, UsageException, IOException {
        AtomicInteger findings = new AtomicInteger();
        Path data = settings.dataDirectory();
        if (Archive.isEmptyDirectory(data)) {
            throw new UsageException("data directory " + data + " is empty, so there is nothing to check:"
                    + " name the broker's with --data");
        }
        try (DataLock lock = DataLock.take(data)) {
            Wiring.repairer().repair(lock.directory(), acceptLoss, finding -> {
                output.done(console.out(), finding, field -> field.accept("finding", finding));
                findings.incrementAndGet();
            });
        }
        boolean repaired = acceptLoss && findings.get() > 0;
        if (output.isJson() || repaired || findings.get() == 0) {
            String told =
                    findings.get() == 0 ? "no damage found in " + data : "repaired " + data + ": findings=" + findings;
            output.done(console.out(), told, field -> {
                field.accept("checked", data.toString());
                field.accept("findings", findings.get());
                field.accept("repaired", repaired);
            });
        }
        return findings.get() == 0 || acceptLoss ? ExitCode.DONE : ExitCode.FAILED;
    }
}
