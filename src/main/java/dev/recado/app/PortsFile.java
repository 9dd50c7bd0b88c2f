package dev.recado.app;

import dev.recado.file.WholeFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The JSON file that tells scripts which ports were bound: {@code {"<listener>": 40123}}. */
final class PortsFile {

    private static final int BYTES_MAX = 4_096;
    private static final Pattern WRITTEN = Pattern.compile("(\\{(\"[a-z0-9-]+\": [0-9]+(, )?)*}\\s*)?");

    private PortsFile() {}

    /** Why {@code file} cannot or may not be written, or null: what no broker wrote is not replaced. */
    static @Nullable String refusal(Path file) throws IOException {
        if (!Files.exists(file)) {
            String unwritable = FileFailure.unwritable(file);
            return unwritable == null ? null : "--ports-file " + file + " cannot be written: " + unwritable;
        }
        boolean written = Files.isRegularFile(file)
                && Files.size(file) <= BYTES_MAX
                && WRITTEN.matcher(Files.readString(file, StandardCharsets.ISO_8859_1))
                        .matches();
        return written
                ? null
                : "--ports-file " + file + " is not a file of ports and stays as it is: name another, or remove it";
    }

    /** Written by rename, so that a reader sees all of it or nothing. */
    static void write(Path file, List<BoundAddress> listeners) throws IOException {
        WholeFiles.writeUnsynced(file, json(listeners));
    }

    static String json(List<BoundAddress> listeners) {
        StringBuilder json = new StringBuilder("{");
        for (BoundAddress listener : listeners) {
            json.append(json.length() == 1 ? "" : ", ");
            json.append('"').append(listener.name()).append("\": ").append(listener.port());
        }
        return json.append("}\n").toString();
    }
}
