package dev.recado.app;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
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
    StoppedOptions options = new StoppedOptions();

    @Option(
            names = "--accept-loss",
            description = "Cut what is damaged, so that the broker starts again without it. Take a backup before.")
    boolean acceptLoss;

    @Mixin
    Console console = new Console();

    @Override
    public Integer call() throws IOException {
        List<String> findings;
        try (DataLock lock = options.lock()) {
            findings = Wiring.repairer().repair(lock.directory(), acceptLoss);
        }
        findings.forEach(console.out()::println);
        if (findings.isEmpty()) {
            console.out().println("no damage found in " + options.path());
        } else if (acceptLoss) {
            console.out().println("repaired " + options.path() + ": findings=" + findings.size());
        }
        return findings.isEmpty() || acceptLoss ? ExitCode.DONE : ExitCode.FAILED;
    }
}
