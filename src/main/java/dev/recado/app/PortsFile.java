package dev.recado.app;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The JSON file that tells scripts which ports were bound: {@code {"text": 40123}}. */
final class PortsFile {

    private PortsFile() {}

    /** Written by rename, so that a reader sees all of it or nothing. */
    static void write(Path file, List<BoundListener> listeners) throws IOException {
        AtomicFile.writeText(file, json(listeners));
    }

    static String json(List<BoundListener> listeners) {
        StringBuilder json = new StringBuilder("{");
        for (BoundListener listener : listeners) {
            json.append(json.length() == 1 ? "" : ", ");
            json.append('"').append(listener.name()).append("\": ").append(listener.port());
        }
        return json.append("}\n").toString();
    }
}
