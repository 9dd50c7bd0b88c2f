package dev.recado.tls;

import dev.recado.base.TimeSource;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificate of a listener, and the one thread on which its handshakes compute, so that they never hold up a loop.
 * {@link #onLook} is called now and then by one thread at a time, may block, and reads the files again where they have
 * changed: connections that are there stay as they are, new ones get the new certificate. Files that cannot be used
 * leave the one that is in use, with one alarm. Everything else is safe for any thread.
 */
public final class TlsCertificates implements AutoCloseable {

    /** Between two calls of {@link #onLook}. */
    public static final long LOOK_MS = 2_000;

    private static final Logger LOG = LoggerFactory.getLogger(TlsCertificates.class);
    private static final long DAY_MS = 86_400_000;
    /** So long before its end a certificate is told of. */
    private static final long ENDING_MS = 14 * DAY_MS;

    private static final long IDLE_SECONDS = 30;

    private final TlsFiles files;
    private final TimeSource time;
    private final ThreadPoolExecutor computing;
    private final AtomicLong completed = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final AtomicLong open = new AtomicLong();
    private volatile TlsMaterial material;
    private volatile boolean stale;
    /** How the files were when they were read last, well or not. Owned by who looks. */
    private List<String> seen;

    private List<String> pending = List.of();
    private String complaint = "";
    private boolean endingTold;
    private boolean endTold;

    private TlsCertificates(TlsFiles files, TimeSource time) throws IOException {
        this.files = files;
        this.time = time;
        seen = stamps(files);
        material = TlsMaterial.read(files);
        computing = new ThreadPoolExecutor(1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
            Thread thread = new Thread(task, "recado-tls-" + files.listener());
            thread.setDaemon(true);
            return thread;
        });
        computing.allowCoreThreadTimeOut(true);
        tellEnd();
    }

    /**
     * Reads the files.
     *
     * @throws dev.recado.base.SettingException naming the setting where one of them cannot be used
     */
    public static TlsCertificates open(TlsFiles files, TimeSource time) throws IOException {
        return new TlsCertificates(files, time);
    }

    /** What the listener's settings begin with. */
    String listener() {
        return files.listener();
    }

    /** What is in use. */
    TlsMaterial material() {
        return material;
    }

    /** What one connection speaks TLS with, by the certificate of now. */
    SslHandler handler(ByteBufAllocator memory) {
        return material.context().newHandler(memory, computing);
    }

    /** Looks whether the files have changed, and reads them once they are the same at two looks in a row. */
    public void onLook() {
        tellEnd();
        List<String> now = stamps(files);
        if (now.equals(seen)) {
            pending = List.of();
        } else if (now.equals(pending)) {
            pending = List.of();
            seen = now;
            readAgain();
        } else {
            pending = now; // one file is written after the other
        }
    }

    private void readAgain() {
        try {
            TlsMaterial fresh = TlsMaterial.read(files);
            if (fresh.expiresMs() <= time.wallMs()) {
                throw new IOException(files.certificateKey() + ": " + files.certificate() + " has expired already");
            }
            material = fresh;
            stale = false;
            complaint = "";
            endingTold = false;
            endTold = false;
            LOG.info(
                    "certificate was read again, new connections get it listener={} daysLeft={}",
                    files.listener(),
                    daysLeft());
            tellEnd();
        } catch (IOException e) {
            stale = true;
            String text = String.valueOf(e.getMessage());
            if (!text.equals(complaint)) {
                complaint = text;
                LOG.error(
                        "changed TLS files cannot be used, the certificate that was read before stays"
                                + " listener={} daysLeft={} error={}",
                        files.listener(),
                        daysLeft(),
                        text);
            }
        }
    }

    /** Once when the end is near, and once at the end. */
    private void tellEnd() {
        long leftMs = material.expiresMs() - time.wallMs();
        if (leftMs <= 0 && !endTold) {
            endTold = true;
            LOG.error(
                    "certificate has expired, clients refuse new connections: replace the files, they are read again"
                            + " listener={} file={}",
                    files.listener(),
                    files.certificate());
        } else if (leftMs > 0 && leftMs <= ENDING_MS && !endingTold) {
            endingTold = true;
            LOG.warn(
                    "certificate expires soon: replace the files, they are read again listener={} daysLeft={} file={}",
                    files.listener(),
                    daysLeft(),
                    files.certificate());
        }
    }

    /** One text a file, which differs once it is replaced or written; links are followed. */
    private static List<String> stamps(TlsFiles files) {
        List<String> stamps = new ArrayList<>();
        stamps.add(stamp(files.certificate()));
        stamps.add(stamp(files.key()));
        stamps.add(stamp(files.clientCa()));
        return stamps;
    }

    private static String stamp(@Nullable Path file) {
        if (file == null) {
            return "";
        }
        try {
            BasicFileAttributes about = Files.readAttributes(file, BasicFileAttributes.class);
            return about.lastModifiedTime() + " " + about.size() + " " + Objects.toString(about.fileKey());
        } catch (IOException e) {
            return "none";
        }
    }

    void onBegin() {
        open.incrementAndGet();
    }

    void onEnd() {
        open.decrementAndGet();
    }

    void onCompleted() {
        completed.incrementAndGet();
    }

    void onFailed() {
        failed.incrementAndGet();
    }

    /** Handshakes that were completed. */
    public long completed() {
        return completed.get();
    }

    /** Connections that ended before their handshake did. */
    public long failed() {
        return failed.get();
    }

    /** Connections whose handshake is not completed. */
    public long halfOpen() {
        return open.get();
    }

    /** Whether the files are not what is in use, since they cannot be used. */
    public boolean isStale() {
        return stale;
    }

    /** Whole days until the certificate in use expires, below 0 once it has. */
    public long daysLeft() {
        return Math.floorDiv(material.expiresMs() - time.wallMs(), DAY_MS);
    }

    @Override
    public void close() {
        computing.shutdownNow();
    }
}
