package dev.recado.it;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A project of {@code src/test/clients}: programs with a client of another broker, which have a class path of their own
 * and run as processes. Maven builds it below {@code target/clients}, once for as long as nothing of it changes.
 */
final class ClientProject {

    private static final Path SOURCES = Path.of("src", "test", "clients").toAbsolutePath();
    private static final Path BUILT = Path.of("target", "clients").toAbsolutePath();
    private static final Pattern INCLUDED = Pattern.compile("<include>([^/<]+)/\\*\\.java</include>");
    private static final long BUILD_SECONDS_MAX = 240;
    private static final List<String> QUICK_START =
            List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Duser.language=en");

    private final Path source;
    private final Path built;

    ClientProject(String name) {
        source = SOURCES.resolve(name);
        built = BUILT.resolve(name);
    }

    /** Starts a program of it; {@code arguments} begin with what its files in {@code work} are named by. */
    JarProcess start(Path work, String mainClass, List<String> arguments) throws IOException, InterruptedException {
        List<String> jvmArguments = new ArrayList<>(QUICK_START);
        jvmArguments.addAll(List.of("-cp", classPath(), "dev.recado.clients." + mainClass));
        return JarProcess.start(work, List.of(), jvmArguments, null, arguments, Map.of());
    }

    private String classPath() throws IOException, InterruptedException {
        synchronized (ClientProject.class) {
            String known = upToDate();
            if (known == null) {
                build();
                known = Files.readString(classPathFile());
            }
            return built.resolve("classes") + File.pathSeparator + known;
        }
    }

    private Path classPathFile() {
        return built.resolve("classpath.txt");
    }

    /** The class path of an earlier build, or null where there is none or something has changed since. */
    private @Nullable String upToDate() throws IOException {
        if (!Files.exists(classPathFile())) {
            return null;
        }
        long at = Files.getLastModifiedTime(classPathFile()).toMillis();
        String known = Files.readString(classPathFile());
        boolean there = Stream.of(known.split(File.pathSeparator)).allMatch(jar -> new File(jar).exists());
        for (Path each : sources()) {
            try (Stream<Path> files = Files.walk(each)) {
                there &= files.allMatch(file -> file.toFile().lastModified() <= at);
            }
        }
        return there ? known : null;
    }

    /** Its own directory, and those beside it whose files it compiles. */
    private List<Path> sources() throws IOException {
        List<Path> all = new ArrayList<>(List.of(source));
        Matcher included = INCLUDED.matcher(Files.readString(source.resolve("pom.xml")));
        while (included.find()) {
            all.add(SOURCES.resolve(included.group(1)));
        }
        return all;
    }

    private void build() throws IOException, InterruptedException {
        Tool.MAVEN.require();
        long begin = System.nanoTime();
        Files.createDirectories(built);
        Path log = built.resolve("maven.txt");
        Process maven = new ProcessBuilder("mvn", "-B", "-ntp", "-q", "-Dbuilt=" + built, "compile")
                .directory(source.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        boolean ended = maven.waitFor(BUILD_SECONDS_MAX, TimeUnit.SECONDS);
        maven.destroyForcibly();
        String said = Files.readString(log);
        if (!ended || maven.exitValue() != 0) {
            if (said.contains("Could not transfer") || said.contains("Could not resolve")) {
                Tool.lack("needs " + source.getFileName() + " from Maven's central repository: a network at first");
            }
            throw new AssertionError(source + " does not build: " + said);
        }
        // Also where Maven had nothing to do.
        Files.setLastModifiedTime(classPathFile(), FileTime.from(Instant.now()));
        System.err.println(source.getFileName() + " built in " + (System.nanoTime() - begin) / 1_000_000 + " ms");
    }
}
