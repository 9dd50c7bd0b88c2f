package dev.recado.app;

import dev.recado.base.Pem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A private key and a certificate that it has signed itself, made by the keytool of the Java that runs: no API of the
 * JDK makes certificates, and this program writes no X.509 of its own.
 *
 * @param hosts whose certificate it is
 */
record SelfSigned(Path certificate, Path key, List<String> hosts) {

    static final List<String> THIS_MACHINE = List.of("localhost", "127.0.0.1", "::1");

    private static final Set<PosixFilePermission> OWNERS = PosixFilePermissions.fromString("rw-------");
    private static final Pattern ADDRESS = Pattern.compile("[0-9]+(\\.[0-9]+){3}|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");
    private static final Pattern NAME = Pattern.compile("(\\*\\.)?[A-Za-z0-9]([A-Za-z0-9._-]{0,252})");
    private static final String ALIAS = "recado";
    private static final String PASSWORD = "RECADO_KEYTOOL";
    private static final int TOOL_SECONDS_MAX = 60;

    /** Writes both into {@code directory}, which is made where there is none. */
    static SelfSigned make(Path directory, List<String> hosts, int days) throws UsageException, IOException {
        List<String> names = new ArrayList<>();
        for (String host : hosts) {
            names.add(alternative(host));
        }
        Path certificate = directory.resolve("certificate.pem");
        Path key = directory.resolve("key.pem");
        for (Path file : List.of(certificate, key)) {
            if (Files.exists(file)) {
                throw new UsageException(file + " is there already and stays as it is: name another directory");
            }
        }
        Files.createDirectories(directory);
        Path scratch = Files.createTempDirectory(directory, "keytool");
        Path store = scratch.resolve("store");
        try {
            String password = password();
            runKeytool(store, password, hosts.get(0), names, days);
            write(store, password, certificate, key);
        } finally {
            Files.deleteIfExists(store);
            Files.delete(scratch);
        }
        return new SelfSigned(certificate, key, List.copyOf(hosts));
    }

    /** As keytool takes it. */
    private static String alternative(String host) throws UsageException {
        if (ADDRESS.matcher(host).matches()) {
            return "ip:" + host;
        }
        if (NAME.matcher(host).matches()) {
            return "dns:" + host;
        }
        throw new UsageException("--host " + host + " is neither a name nor an address");
    }

    private static String password() {
        byte[] bits = new byte[16];
        new SecureRandom().nextBytes(bits);
        return HexFormat.of().formatHex(bits);
    }

    private static void runKeytool(Path store, String password, String host, List<String> names, int days)
            throws IOException {
        Path tool = Path.of(System.getProperty("java.home"), "bin", "keytool");
        if (!Files.isExecutable(tool)) {
            throw new IOException("this Java has no keytool: " + tool + "; make a certificate with openssl, or with the"
                    + " keytool of another Java");
        }
        String name = host.length() > 64 || !NAME.matcher(host).matches() ? ALIAS : host; // of a common name, X.520
        ProcessBuilder building = new ProcessBuilder(
                tool.toString(),
                "-genkeypair",
                "-alias",
                ALIAS,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-sigalg",
                "SHA256withECDSA",
                "-dname",
                "CN=" + name,
                "-ext",
                "san=" + String.join(",", names),
                "-ext",
                "ku=digitalSignature",
                "-ext",
                "eku=serverAuth",
                "-validity",
                Integer.toString(days),
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass:env",
                PASSWORD);
        building.environment().put(PASSWORD, password);
        building.redirectErrorStream(true);
        Process process = building.start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (ended(process) != 0) {
            throw new IOException("keytool failed: " + said.strip());
        }
    }

    private static int ended(Process process) throws IOException {
        try {
            if (process.waitFor(TOOL_SECONDS_MAX, TimeUnit.SECONDS)) {
                return process.exitValue();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
        throw new IOException("keytool did not end");
    }

    private static void write(Path store, String password, Path certificate, Path key) throws IOException {
        char[] secret = password.toCharArray();
        try (InputStream in = Files.newInputStream(store)) {
            KeyStore read = KeyStore.getInstance("PKCS12");
            read.load(in, secret);
            byte @Nullable [] encoded = read.getKey(ALIAS, secret).getEncoded();
            if (encoded == null) {
                throw new IOException("the key cannot be written");
            }
            writeOwners(key, Pem.encode("PRIVATE KEY", encoded));
            Files.writeString(
                    certificate,
                    Pem.encode("CERTIFICATE", read.getCertificate(ALIAS).getEncoded()),
                    StandardOpenOption.CREATE_NEW);
        } catch (GeneralSecurityException e) {
            throw new IOException("what keytool made cannot be read: " + e.getMessage(), e);
        }
    }

    /** At no moment anybody else's to read. */
    private static void writeOwners(Path file, String text) throws IOException {
        boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
        FileAttribute<?>[] attributes =
                posix ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNERS)} : new FileAttribute<?>[0];
        Files.createFile(file, attributes);
        Files.writeString(file, text);
    }
}
