package dev.recado.apps.process;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.recado.file.WholeFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** The file that tells scripts where parts of an application listen: {@code {"ref":20123,"server-1":20124}}. */
public final class PortsJson {

    private static final ObjectMapper JSON = new ObjectMapper();

    private PortsJson() {}

    /** Written by rename, so that a reader sees all of it or nothing; sorted by name. */
    public static void write(Path file, Map<String, Integer> ports) throws IOException {
        WholeFiles.writeUnsynced(file, JSON.writeValueAsString(new TreeMap<>(ports)) + "\n");
    }
}
