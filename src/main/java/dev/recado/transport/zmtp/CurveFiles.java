package dev.recado.transport.zmtp;

import dev.recado.base.SettingException;
import dev.recado.transport.zmtp.curve.ClientKeys;
import dev.recado.transport.zmtp.curve.CurveKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the keys for CURVE at the start. */
final class CurveFiles {

    private static final Logger LOG = LoggerFactory.getLogger(CurveFiles.class);
    private static final Set<PosixFilePermission> OWNERS = PosixFilePermissions.fromString("rwx------");

    private CurveFiles() {}

    /**
     * The keys that the settings name, or null where they name none.
     *
     * @throws SettingException naming the setting where a file cannot be read or holds no key
     */
    static Curve.@Nullable Keys read(ZmtpSettings.Entrance entrance) throws IOException {
        if (entrance.keyFile().isEmpty()) {
            return null;
        }
        String clients = entrance.clientsFile();
        Path keyFile = Path.of(entrance.keyFile());
        byte[] secret = bytes("zmtp.curve.key-file", keyFile);
        CurveKeys pair;
        try {
            pair = CurveKeys.parse(secret);
        } catch (IllegalArgumentException e) {
            throw new SettingException("zmtp.curve.key-file: " + keyFile + ": " + e.getMessage(), e);
        } finally {
            Arrays.fill(secret, (byte) 0);
        }
        warnIfOpen(keyFile);
        SecureRandom random = new SecureRandom();
        return clients.isEmpty()
                ? new Curve.Keys(pair, ClientKeys.ANY, null, random::nextBytes)
                : new Curve.Keys(pair, clients(Path.of(clients)), entrance.listed(), random::nextBytes);
    }

    private static Predicate<byte[]> clients(Path file) throws IOException {
        try {
            return ClientKeys.parse(bytes("zmtp.curve.clients-file", file));
        } catch (IllegalArgumentException e) {
            throw new SettingException("zmtp.curve.clients-file: " + file + ": " + e.getMessage(), e);
        }
    }

    private static byte[] bytes(String setting, Path file) throws IOException {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new SettingException(setting + ": cannot read " + file + " (" + e.getMessage() + ")", e);
        }
    }

    private static void warnIfOpen(Path keyFile) throws IOException {
        if (keyFile.getFileSystem().supportedFileAttributeViews().contains("posix")
                && !OWNERS.containsAll(Files.getPosixFilePermissions(keyFile))) {
            LOG.warn("others may read the secret key; chmod 600 mends that file={}", keyFile);
        }
    }
}
