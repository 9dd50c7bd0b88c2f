package dev.recado.app;

import dev.recado.cli.Progress;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** What a file held: SHA-256 as hexadecimal, and its size. */
record Checksum(String sha256, long bytes) {

    private static final int BLOCK_BYTES = 1 << 18;

    /** Copies to the end of {@code in}; closes neither stream. */
    static Checksum copy(InputStream in, OutputStream out, Progress progress) throws IOException {
        MessageDigest digest = newDigest();
        byte[] block = new byte[BLOCK_BYTES];
        long total = 0;
        for (int count = in.read(block); count >= 0; count = in.read(block)) {
            digest.update(block, 0, count);
            out.write(block, 0, count);
            total += count;
            progress.onBytes(count);
        }
        return new Checksum(HexFormat.of().formatHex(digest.digest()), total);
    }

    private static MessageDigest newDigest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
