package dev.recado.app;

import dev.recado.app.classic.ClassicReader;
import dev.recado.app.classic.ClassicSink;
import dev.recado.base.PercentCodec;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The first reading of classic files, before anything is published: tells what is wrong with them, counts, collects the
 * positions and makes an id of the content, so that an edited file is not taken for the one before.
 */
final class ClassicScan implements ClassicSink {

    /** The largest message that a broker can be told to take. */
    static final int CONTENT_BYTES_MAX = 256 << 20;

    private static final int ID_BYTES = 12;
    private static final int TOLD_MAX = 20;

    private final PrintWriter err;
    private final MessageDigest digest;
    /** Consumers by the id in the file at which each stands. */
    private final NavigableMap<Long, List<String>> positions = new TreeMap<>();

    private String reading = "";
    private boolean counting;
    private long messages;
    private long problems;

    ClassicScan(String topic, PrintWriter err) {
        this.err = err;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
        digest.update(topic.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
    }

    /** Reads a file; only {@code withMessages} are its messages imported and part of the id. */
    void read(Path file, boolean withMessages) throws IOException {
        reading = String.valueOf(file.getFileName());
        counting = withMessages;
        try (InputStream in = Files.newInputStream(file)) {
            InputStream seen = withMessages ? new DigestInputStream(in, digest) : in;
            new ClassicReader(seen, CONTENT_BYTES_MAX).read(this);
        }
    }

    /** The same for the same content and topic. */
    String producerId() {
        byte[] hash;
        try {
            hash = ((MessageDigest) digest.clone()).digest();
        } catch (CloneNotSupportedException e) {
            throw new AssertionError("the JDK's SHA-256 can be cloned", e);
        }
        return "import-" + HexFormat.of().formatHex(hash, 0, ID_BYTES);
    }

    NavigableMap<Long, List<String>> positions() {
        return positions;
    }

    long messages() {
        return messages;
    }

    long problems() {
        return problems;
    }

    @Override
    public void onMessage(long id, long timestamp, byte[] content) {
        if (counting) {
            messages++;
        }
    }

    @Override
    public void onConsumer(String consumer, long offset) {
        String name = PercentCodec.decode(consumer);
        if (name == null) {
            problem("consumer's id is not percent-encoded UTF-8");
        } else {
            positions.values().forEach(names -> names.remove(name));
            positions.computeIfAbsent(offset, unused -> new ArrayList<>()).add(name);
        }
    }

    @Override
    public OutputStream onProblem(long line, String fact) {
        problem("line " + line + " passed over: " + fact);
        return OutputStream.nullOutputStream();
    }

    private void problem(String fact) {
        if (++problems <= TOLD_MAX) {
            err.println(reading + ": " + fact);
        } else if (problems == TOLD_MAX + 1) {
            err.println(reading + ": more problems are counted, not told");
        }
    }
}
