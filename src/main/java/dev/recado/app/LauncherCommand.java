package dev.recado.app;

import dev.recado.base.ExitCode;
import dev.recado.cli.OutputOptions;
import dev.recado.file.WholeFiles;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.CodeSource;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code recado launcher}: a script that starts this JAR by an archive of its classes, which a JAR cannot name. */
@Command(
        name = "launcher",
        mixinStandardHelpOptions = true,
        description = {
            "Print a shell script that starts this JAR in about half of the time, as in"
                    + " `java -jar recado.jar launcher > ~/bin/recado`.",
            "At its first use it has an archive of classes made in the background, in $XDG_CACHE_HOME/recado or"
                    + " ~/.cache/recado, for this JAR and this Java. Options for the JVM go into RECADO_OPTS."
        })
final class LauncherCommand implements Callable<Integer> {

    /** What the second line of a launcher begins with, by which one is known. */
    private static final String MARK = "# recado launcher";

    private static final int BEGIN_BYTES = 256;

    @Option(
            names = "--install",
            paramLabel = "DIR",
            description = "Write it there as `recado`, executable; replaces a launcher and nothing else.")
    @Nullable
    Path directory;

    @Option(names = "--train", hidden = true, description = "Use what is to be in an archive.")
    Training.@Nullable Kind training;

    @Mixin
    OutputOptions output = new OutputOptions();

    @Mixin
    Console console = new Console();

    @Override
    public Integer call() throws Exception {
        Path jar = ownJar();
        if (training != null) {
            return Training.run(training, jar);
        }
        String script = script(jar);
        Path target = directory;
        if (target == null) {
            console.out().print(script);
            console.out().flush();
        } else {
            install(target.resolve("recado"), script);
        }
        return ExitCode.DONE;
    }

    /** The script for {@code jar}, whose path may hold anything but a line end. */
    static String script(Path jar) throws IOException {
        try (InputStream in = LauncherCommand.class.getResourceAsStream("launcher.sh")) {
            if (in == null) {
                throw new IOException("launcher.sh is not in the JAR");
            }
            String quoted = "'" + jar.toString().replace("'", "'\\''") + "'";
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("@JAR@", quoted);
        }
    }

    private static Path ownJar() throws UsageException {
        try {
            CodeSource source = LauncherCommand.class.getProtectionDomain().getCodeSource();
            Path jar =
                    source == null ? Path.of("") : Path.of(source.getLocation().toURI());
            if (Files.isRegularFile(jar)) {
                return jar.toAbsolutePath().normalize();
            }
        } catch (URISyntaxException e) {
            throw new UsageException("the JAR's own path cannot be read: " + e.getMessage());
        }
        throw new UsageException("there is no JAR to launch: this program runs from a directory of classes");
    }

    private void install(Path target, String script) throws UsageException, IOException {
        String reason = FileFailure.unwritable(target);
        if (reason != null) {
            throw new UsageException("cannot install " + target + ": " + reason);
        }
        if (Files.exists(target, LinkOption.NOFOLLOW_LINKS) && !isLauncher(target)) {
            throw new UsageException(
                    target + " is not a launcher of recado and stays as it is: name another directory");
        }
        WholeFiles.write(target, out -> out.write(WholeFiles.utf8(script)));
        if (Files.getFileAttributeView(target, PosixFileAttributeView.class) != null) {
            Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        output.done(console.out(), "installed " + target, field -> field.accept("installed", target.toString()));
    }

    private static boolean isLauncher(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            return false;
        }
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readNBytes(BEGIN_BYTES), StandardCharsets.UTF_8).contains("\n" + MARK);
        }
    }
}
