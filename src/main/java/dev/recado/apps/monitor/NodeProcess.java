package dev.recado.apps.monitor;

import dev.recado.file.WholeFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A command that runs as a process of its own and outlives who started it. Which process it is stands in a file, with
 * the moment of its start, so that any monitor finds it again and none takes another process for it that has got its
 * number.
 *
 * @param name as in messages
 * @param command program and arguments
 * @param directory where it runs
 * @param environment on top of that of the monitor
 * @param log where both outputs are appended; one of more than 16 MiB is put aside at a start
 * @param pidFile {@code PID START MARK}, the start in milliseconds since 1970; the mark, which Linux alone has, says
 *     the same on a clock that nobody sets, and then counts
 */
public record NodeProcess(
        String name, List<String> command, Path directory, Map<String, String> environment, Path log, Path pidFile)
        implements SupervisedNode.Starter {

    /** How long a process has to end after it was killed. */
    static final long END_MS = 10_000;

    /** A log beyond becomes {@code LOG.1} when the process starts. */
    static final long LOG_BYTES_MAX = 16 << 20;

    private static final long LOOK_MS = 50;
    private static final int FIELDS = 2;
    private static final int FIELDS_MARKED = 3;

    public NodeProcess {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
    }

    /**
     * Starts it, whatever the file says.
     *
     * @throws IOException where the program cannot be run, or the files cannot be written
     */
    public ProcessHandle start() throws IOException {
        Path parent = log.toAbsolutePath().getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        if (Files.exists(log) && Files.size(log) > LOG_BYTES_MAX) {
            Files.move(log, log.resolveSibling(log.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
        }
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        try {
            write(process.toHandle());
        } catch (IOException e) {
            // Nobody would find it again.
            process.destroyForcibly();
            throw e;
        }
        return process.toHandle();
    }

    /** Starts it; a process of its that is there and does not answer is killed before. */
    @Override
    public String revive() throws IOException {
        Optional<ProcessHandle> there = running();
        if (there.isPresent()) {
            ProcessHandle hung = there.get();
            hung.destroyForcibly();
            if (!ends(hung, END_MS)) {
                throw new IOException(name + ": process " + hung.pid() + " does not end");
            }
            return "killed process " + hung.pid() + " that did not answer, started " + start().pid();
        }
        return "started process " + start().pid();
    }

    /** The process that the file names, if it is that one still. */
    public Optional<ProcessHandle> running() throws IOException {
        String text;
        try {
            text = Files.readString(pidFile, StandardCharsets.US_ASCII).strip();
        } catch (NoSuchFileException never) {
            return Optional.empty();
        }
        String[] fields = text.split(" ", -1);
        try {
            long pid = Long.parseLong(fields[0]);
            long startedMs = fields.length >= FIELDS ? Long.parseLong(fields[1]) : -1;
            String mark = fields.length == FIELDS_MARKED ? fields[2] : null;
            return ProcessHandle.of(pid).filter(handle -> lives(handle) && isIt(handle, startedMs, mark));
        } catch (NumberFormatException damaged) {
            throw new IOException(pidFile + " holds no process: '" + text + "'; remove it once the node is stopped");
        }
    }

    /** Asks the process to end, and kills it where it does not within {@code patienceMs}. */
    public void stop(long patienceMs) throws IOException {
        Optional<ProcessHandle> there = running();
        if (there.isPresent()) {
            there.get().destroy();
            if (!ends(there.get(), patienceMs)) {
                there.get().destroyForcibly();
                ends(there.get(), END_MS);
            }
        }
        Files.deleteIfExists(pidFile);
    }

    /** The start as a time is computed from the clock, and is another one once somebody has set that. */
    private static boolean isIt(ProcessHandle process, long startedMs, @Nullable String mark) {
        String now = mark(process);
        return mark == null || now == null ? startedMs(process) == startedMs : mark.equals(now);
    }

    private static @Nullable String mark(ProcessHandle process) {
        ProcessStat stat = ProcessStat.of(process.pid());
        return stat == null ? null : stat.mark();
    }

    /** One that has ended stays for Java among those that live until its parent has asked, which some never do. */
    private static boolean lives(ProcessHandle process) {
        ProcessStat stat = ProcessStat.of(process.pid());
        return process.isAlive() && (stat == null || !stat.hasEnded());
    }

    private static boolean ends(ProcessHandle process, long limitMs) {
        long deadlineNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(limitMs);
        while (lives(process)) {
            long leftMs = TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime());
            if (leftMs <= 0) {
                return false;
            }
            try {
                process.onExit().get(Math.min(leftMs, LOOK_MS), TimeUnit.MILLISECONDS);
            } catch (TimeoutException | ExecutionException late) {
                // Looked at again.
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return true;
    }

    private void write(ProcessHandle process) throws IOException {
        Path parent = pidFile.toAbsolutePath().getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        String mark = mark(process);
        String marked = mark == null ? "" : " " + mark;
        WholeFiles.writeUnsynced(pidFile, process.pid() + " " + startedMs(process) + marked + "\n");
    }

    private static long startedMs(ProcessHandle process) {
        @Nullable Instant started = process.info().startInstant().orElse(null);
        return started == null ? -1 : started.toEpochMilli();
    }
}
