package dev.recado.cli;

import java.io.BufferedOutputStream;
import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import java.util.function.IntSupplier;

/**
 * Where a command reads and writes: the process's own streams, or a test's. Standard output is bytes, since payloads
 * are; what is printed as text is UTF-8 whatever the platform says.
 *
 * @param out buffered: who writes flushes
 * @param interactive whether a person types at {@code in}
 * @param onStop how to hear that the process shall stop; see {@link StopSignal}
 */
public record Terminal(
        InputStream in, OutputStream out, PrintStream err, boolean interactive, Consumer<IntSupplier> onStop) {

    private static final int OUT_BYTES = 64 << 10;

    /** The process's own. */
    public static Terminal system() {
        return new Terminal(
                new FileInputStream(FileDescriptor.in),
                new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), OUT_BYTES),
                new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8),
                isInteractive(),
                StopSignal::install);
    }

    /** From Java 22 on there may be a console without a person; it can be asked then. */
    @SuppressWarnings("SystemConsoleNull")
    static boolean isInteractive() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException e) {
            return true;
        }
    }

    /**
     * A line of text to standard output, visible at once.
     *
     * @throws UncheckedIOException where it cannot be written: a full disk, a pipe whose reader has gone
     */
    void println(String line) {
        try {
            out.write((line + '\n').getBytes(StandardCharsets.UTF_8));
            out.flush();
        } catch (IOException e) {
            throw unwritten(e);
        }
    }

    /** Standard output as text, each line visible at once; unlike others of its kind it fails as {@link #println}. */
    PrintWriter writer() {
        OutputStream failing = new OutputStream() {
            @Override
            public void write(int b) {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int from, int length) {
                try {
                    out.write(bytes, from, length);
                } catch (IOException e) {
                    throw unwritten(e);
                }
            }

            @Override
            public void flush() {
                try {
                    out.flush();
                } catch (IOException e) {
                    throw unwritten(e);
                }
            }
        };
        return new PrintWriter(new OutputStreamWriter(failing, StandardCharsets.UTF_8), true);
    }

    private static UncheckedIOException unwritten(IOException why) {
        return new UncheckedIOException("cannot write: " + why.getMessage(), why);
    }
}
