package dev.recado.tls;

import dev.recado.base.Pem;
import dev.recado.base.SettingException;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * What handshakes are made with, as it was in the files when they were read. Immutable.
 *
 * @param context makes the engine of a connection
 * @param expiresMs when the listener's own certificate ends, in milliseconds since 1970
 */
record TlsMaterial(SslContext context, long expiresMs) {

    private static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");

    /** Those of 1.3, and of 1.2 the ones that seal with what is forgotten after the connection. */
    private static final List<String> CIPHERS = List.of(
            "TLS_AES_128_GCM_SHA256",
            "TLS_AES_256_GCM_SHA384",
            "TLS_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

    /** Sessions of TLS 1.2 clients without tickets; the JDK would keep 20,480 of them for a day. */
    private static final int RESUMED_MAX = 1_024;

    private static final int RESUMED_SECONDS = 3_600;
    private static final int FILE_BYTES_MAX = 1 << 20;
    private static final Set<PosixFilePermission> OWNERS = PosixFilePermissions.fromString("rwx------");

    /** Read by the JDK with its first handshake: a client that begins another one in TLS 1.2 is refused. */
    private static final String RENEGOTIATION = "jdk.tls.rejectClientInitiatedRenegotiation";

    /** Reads the files; throws, naming the setting, where something is wrong with one of them. */
    static TlsMaterial read(TlsFiles files) throws IOException {
        if (System.getProperty(RENEGOTIATION) == null) {
            System.setProperty(RENEGOTIATION, "true");
        }
        List<X509Certificate> chain = parsed(files.certificateKey(), files.certificate(), Pem::certificates);
        refuseOpen(files);
        PrivateKey key = parsed(files.keyKey(), files.key(), Pem::key);
        X509Certificate own = chain.get(0);
        if (!Pem.belongTogether(key, own)) {
            throw new SettingException(
                    files.keyKey() + ": " + files.key() + " is not the key of the first certificate in "
                            + files.certificate(),
                    null);
        }
        SslContextBuilder builder = SslContextBuilder.forServer(key, chain.toArray(X509Certificate[]::new))
                .sslProvider(SslProvider.JDK)
                .protocols(PROTOCOLS)
                .ciphers(CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
                .sessionCacheSize(RESUMED_MAX)
                .sessionTimeout(RESUMED_SECONDS);
        Path clientCa = files.clientCa();
        if (clientCa != null) {
            List<X509Certificate> trusted = parsed(files.clientCaKey(), clientCa, Pem::certificates);
            builder.trustManager(trusted.toArray(X509Certificate[]::new)).clientAuth(ClientAuth.REQUIRE);
        }
        try {
            SslContext context = builder.build();
            context.newEngine(UnpooledByteBufAllocator.DEFAULT); // loads here what no event loop is to wait for
            return new TlsMaterial(context, own.getNotAfter().toInstant().toEpochMilli());
        } catch (SSLException | IllegalArgumentException e) {
            throw new SettingException(
                    files.certificateKey() + ": " + files.certificate() + " cannot be used (" + e.getMessage() + ")",
                    e);
        }
    }

    private static <T> T parsed(String setting, Path file, Function<byte[], T> parsing) throws SettingException {
        byte[] bytes = bytes(setting, file);
        try {
            return parsing.apply(bytes);
        } catch (IllegalArgumentException e) {
            throw new SettingException(setting + ": " + file + ": " + e.getMessage(), e);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    private static byte[] bytes(String setting, Path file) throws SettingException {
        try {
            long size = Files.size(file);
            if (size > FILE_BYTES_MAX) {
                throw new SettingException(
                        setting + ": " + file + " is too long for what it should be: " + size + " bytes", null);
            }
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new SettingException(
                    setting + ": there is no file " + file + "; `recado tls self-signed --to DIR` makes files for a"
                            + " first try",
                    e);
        } catch (SettingException e) {
            throw e;
        } catch (IOException e) {
            throw new SettingException(setting + ": cannot read " + file + " (" + e.getMessage() + ")", e);
        }
    }

    /** Before the key is read: who could have read it is not to be trusted with it. */
    private static void refuseOpen(TlsFiles files) throws IOException {
        Path file = files.key();
        Set<PosixFilePermission> open = openTo(file);
        if (open != null && !OWNERS.containsAll(open)) {
            throw new SettingException(
                    files.keyKey() + ": others than its owner may use " + file + "; mend it with: chmod 600 " + file,
                    null);
        }
    }

    /** Its permissions, or null where there are none or there is no such file. */
    private static @Nullable Set<PosixFilePermission> openTo(Path file) throws IOException {
        boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
        return posix && Files.exists(file) ? Files.getPosixFilePermissions(file) : null;
    }
}
