package dev.recado.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** An authority of OpenSSL's, and its client. One thread. */
final class OpenSsl {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

    private static final String CONFIGURATION = """
            [ca]
            default_ca = one
            [one]
            database = index.txt
            serial = serial
            new_certs_dir = .
            default_md = sha256
            policy = any
            copy_extensions = copy
            unique_subject = no
            [any]
            commonName = supplied
            """;

    private final Path home;

    /** Makes the authority in {@code home}. */
    OpenSsl(Path home) throws IOException, InterruptedException {
        this.home = Files.createDirectories(home);
        Files.writeString(home.resolve("ca.cnf"), CONFIGURATION);
        Files.writeString(home.resolve("index.txt"), "");
        Files.writeString(home.resolve("serial"), "01\n");
        run("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj /CN=authority"
                + " -keyout ca.key -out ca.pem");
    }

    Path authority() {
        return home.resolve("ca.pem");
    }

    Path certificate(String name) {
        return home.resolve(name + ".pem");
    }

    Path key(String name) {
        return home.resolve(name + ".key");
    }

    /** Signs a certificate for this machine, of RSA as most are, valid until {@code end}; its common name is a name. */
    void sign(String name, Instant end) throws IOException, InterruptedException {
        sign(name, end, "DNS:localhost,IP:127.0.0.1");
    }

    /** The same for other names, as in {@code email:ana@example.org}. */
    void sign(String name, Instant end, String alternativeNames) throws IOException, InterruptedException {
        run("req -newkey rsa:2048 -nodes -subj /CN=" + name + " -addext subjectAltName=" + alternativeNames
                + " -keyout " + name + ".key -out " + name + ".csr");
        run("ca -batch -notext -config ca.cnf -cert ca.pem -keyfile ca.key -enddate " + TIME.format(end) + " -in "
                + name + ".csr -out " + name + ".pem");
    }

    /** What {@code openssl s_client} prints that sends {@code input} to {@code port} of this machine, and ends. */
    String client(int port, String input, String more) throws IOException, InterruptedException {
        return openssl("s_client -CAfile ca.pem -connect localhost:" + port + " " + more, input);
    }

    private void run(String arguments) throws IOException, InterruptedException {
        openssl(arguments, "");
    }

    private String openssl(String arguments, String input) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(List.of(arguments.split(" ")));
        command.removeIf(String::isEmpty);
        Path said = Files.createTempFile(home, "said", ".txt");
        Process process = new ProcessBuilder(command)
                .directory(home.toFile())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        try (var in = process.getOutputStream()) {
            in.write(input.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("pipe"); // it has ended already
        }
        boolean ended = process.waitFor(30, TimeUnit.SECONDS);
        process.destroyForcibly();
        String output = Files.readString(said, StandardCharsets.ISO_8859_1);
        assertThat(ended).as(output).isTrue();
        return output;
    }
}
