package dev.recado.it;

import java.nio.file.Path;
import java.util.List;

/** Programs of {@code src/test/clients} for Node.js, copied below {@code target/clients}, where npm puts modules. */
final class NodePrograms {

    /** What the installation of any of them needs. */
    static final String NEEDS = "node 20 and npm, and a network at the first run";

    private static final Path HOME = Path.of("target", "clients").toAbsolutePath();

    private NodePrograms() {}

    /** What starts the one program of a client, once its tool was required. */
    static List<String> program(String client) {
        return List.of("node", HOME.resolve(client).resolve("client.mjs").toString());
    }

    /** A shell's way to copy a client and to have npm bring what its lock file names, unless that was done before. */
    static String install(String client) {
        return "mkdir -p '" + HOME.resolve(client) + "' && cd '" + HOME.resolve(client) + "'"
                + " && cp '" + AmqpProgram.source(client, "") + "'/* . || exit 1;"
                + " cmp -s package-lock.json node_modules/.done && exit 0;"
                + " npm ci --no-audit --no-fund --ignore-scripts && cp package-lock.json node_modules/.done";
    }
}
