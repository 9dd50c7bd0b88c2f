package dev.recado.transport.zmtp.curve;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** That the few classes of the library which the JAR keeps are enough, and that it keeps no more. */
@Timeout(60)
class CurveInTheJarIT {

    private static final Path JAR = Path.of(System.getProperty("recado.jar", "target/recado.jar"));
    /** For the primitives of CURVE and Argon2id. */
    private static final int LIBRARY_BYTES_MAX = 96 * 1024;

    @TempDir
    Path work;

    @Test
    void shouldRunFromTheJar() throws Exception {
        // Given
        Path tests = Path.of(CurveInTheJar.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());

        // When
        String printed = java("-cp", JAR + System.getProperty("path.separator") + tests, CurveInTheJar.class.getName());

        // Then
        assertThat(printed).isEqualTo("done\n");
    }

    @Test
    void shouldLoadNothingOfTheLibraryOtherwise() throws Exception {
        // When
        String printed = java("-Xlog:class+load", "-jar", JAR.toString(), "config");

        // Then
        assertThat(printed).contains("dev.recado.app.Recado").doesNotContain("org.bouncycastle");
    }

    @Test
    void shouldKeepTheLibrarySmallAndItsSignaturesOut() throws IOException {
        try (JarFile jar = new JarFile(JAR.toFile())) {
            // When
            long bytes = 0;
            for (JarEntry entry : Collections.list(jar.entries())) {
                bytes += entry.getName().startsWith("org/bouncycastle/") ? deflatedBytes(jar, entry) : 0;
            }
            List<String> strange = jar.stream()
                    .map(entry -> entry.getName())
                    .filter(name -> name.matches("META-INF/(.*\\.(SF|RSA|DSA)|versions/.*bouncycastle.*)")
                            || name.equals("META-INF/services/java.security.Provider"))
                    .toList();

            // Then
            assertThat(bytes).isPositive().isLessThan(LIBRARY_BYTES_MAX);
            assertThat(strange).isEmpty();
            assertThat(jar.getEntry("META-INF/licenses/bouncycastle.md")).isNotNull();
        }
    }

    /** As an archive would hold it that is compressed, which the JAR is not. */
    private static long deflatedBytes(JarFile jar, JarEntry entry) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
        try (DeflaterOutputStream out = new DeflaterOutputStream(bytes, deflater)) {
            jar.getInputStream(entry).transferTo(out);
        }
        deflater.end();
        return bytes.size();
    }

    private String java(String... args) throws IOException, InterruptedException {
        Path out = work.resolve("out");
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(List.of(args));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        try {
            assertThat(process.waitFor(40, TimeUnit.SECONDS)).isTrue();
            String printed = Files.readString(out);
            assertThat(process.exitValue()).as(printed).isZero();
            return printed;
        } finally {
            process.destroyForcibly();
        }
    }
}
