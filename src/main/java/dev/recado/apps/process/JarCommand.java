package dev.recado.apps.process;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command line of a process of this JAR. */
public final class JarCommand {

    /** Starts quickly and stays small, which suits a process that is one of many. */
    private static final List<String> SMALL = List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

    private JarCommand() {}

    /**
     * A small process that ends with the holder of {@code parent}.
     *
     * @param heapMiB the largest heap
     */
    public static List<String> small(ParentLock parent, int heapMiB, List<String> arguments) {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.add("-Xmx" + heapMiB + "m");
        line.addAll(SMALL);
        line.add(parent.option());
        line.addAll(program());
        line.addAll(arguments);
        return line;
    }

    /** This JAR, or the class path where there is none. */
    private static List<String> program() {
        try {
            Path place = Path.of(JarCommand.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            return place.toString().endsWith(".jar")
                    ? List.of("-jar", place.toString())
                    : List.of("-cp", System.getProperty("java.class.path"), "dev.recado.app.Recado");
        } catch (URISyntaxException e) {
            throw new IllegalStateException("the JAR has no place that can be named", e);
        }
    }
}
