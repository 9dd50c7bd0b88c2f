package dev.recado.it;

import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/**
 * Real text of this machine: dictionaries, licences, changelogs and whatever else is text below {@code /usr/share},
 * taken in a fixed order. Lines are bytes, not characters; each begins with its number and its file's, which makes it
 * unique.
 */
final class Corpus {

    private static final List<String> ROOTS =
            List.of("/usr/share/dict", "/usr/share/common-licenses", "/usr/share/doc", "/usr/share");
    private static final long FILE_BYTES_MAX = 4 << 20;
    private static final int PROBE_BYTES = 8 << 10;

    private final OutputStream output;
    private final int wanted;
    private int files;
    private int lines;

    private Corpus(OutputStream output, int wanted) {
        this.output = output;
        this.wanted = wanted;
    }

    /**
     * Writes at least {@code wanted} lines to {@code target}; fails, saying what to install, where there is too little.
     */
    static void gather(Path target, int wanted) throws IOException {
        try (OutputStream output = new BufferedOutputStream(Files.newOutputStream(target))) {
            Corpus corpus = new Corpus(output, wanted);
            for (String root : ROOTS) {
                corpus.takeAll(Path.of(root));
            }
            if (corpus.lines < wanted) {
                throw new IllegalStateException("only " + corpus.lines + " of " + wanted
                        + " lines of text below /usr/share; install more, such as:"
                        + " apt-get install wamerican vim-runtime");
            }
            System.out.println("corpus lines=" + corpus.lines + " files=" + corpus.files);
        }
    }

    /** The lines of a file as a multiset; ISO 8859-1 keeps every byte. */
    static Map<String, Integer> lines(Path file) throws IOException {
        Map<String, Integer> counts = new HashMap<>();
        try (Stream<String> lines = Files.lines(file, StandardCharsets.ISO_8859_1)) {
            lines.forEach(line -> counts.merge(line, 1, Integer::sum));
        }
        return counts;
    }

    private void takeAll(Path root) throws IOException {
        if (!Files.isDirectory(root)) {
            return;
        }
        List<Path> found;
        try (Stream<Path> walk = Files.walk(root)) {
            found = walk.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && Files.isReadable(file))
                    .sorted()
                    .toList();
        }
        for (Path file : found) {
            if (lines >= wanted) {
                return;
            }
            if (Files.size(file) <= FILE_BYTES_MAX) {
                take(content(file));
            }
        }
    }

    private static byte[] content(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        if (!file.toString().endsWith(".gz")) {
            return bytes;
        }
        try (GZIPInputStream unpacked = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
            return unpacked.readAllBytes();
        } catch (IOException notGzip) {
            return new byte[0];
        }
    }

    private void take(byte[] text) throws IOException {
        for (int i = 0; i < Math.min(text.length, PROBE_BYTES); i++) {
            if (text[i] == 0) {
                return;
            }
        }
        files++;
        int number = 0;
        int start = 0;
        for (int i = 0; i < text.length; i++) {
            // A carriage return ends a line as well: whether it belongs to the line is a question for people, not for
            // us.
            if (text[i] == '\n' || text[i] == '\r') {
                if (i > start) {
                    write(++number, text, start, i);
                }
                start = i + 1;
            }
        }
    }

    private void write(int number, byte[] text, int from, int to) throws IOException {
        output.write((files + ":" + number + ":").getBytes(StandardCharsets.US_ASCII));
        output.write(text, from, to - from);
        output.write('\n');
        lines++;
    }
}
