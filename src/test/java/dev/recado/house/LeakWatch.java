package dev.recado.house;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test class that leaves threads, files or connections behind. Registered for all classes; looks at what is
 * there before the first test of a class and behind its last one, and gives it a moment to end.
 */
public final class LeakWatch implements BeforeAllCallback, AfterAllCallback {

    private static final ExtensionContext.Namespace SPACE = ExtensionContext.Namespace.create(LeakWatch.class);
    private static final long PATIENCE_NANOS = 10_000_000_000L;
    private static final int INODE = 9;
    private static final long LOOK_NANOS = 20_000_000L;

    /** Threads of the JDK, the test runner and libraries that live as long as the process or end by themselves. */
    private static final Pattern OF_THE_PROCESS = Pattern.compile(String.join(
            "|",
            "ForkJoinPool.*",
            "Common-Cleaner|Cleaner-.*|process reaper.*|Attach Listener|Keep-Alive-.*|HttpClient-.*",
            "JFR .*|RMI .*|Java2D .*",
            "junit-.*|surefire-.*|awaitility-.*|idle-timeout-task",
            "globalEventExecutor-.*"));

    @Override
    public void beforeAll(ExtensionContext context) {
        if (isTop(context)) {
            context.getStore(SPACE).put("threads", threads());
            context.getStore(SPACE).put("files", files());
        }
    }

    @Override
    @SuppressWarnings("unchecked")
    public void afterAll(ExtensionContext context) {
        if (!isTop(context)) {
            return;
        }
        Set<Thread> threads = (Set<Thread>) context.getStore(SPACE).get("threads");
        Set<String> files = (Set<String>) context.getStore(SPACE).get("files");
        if (threads == null || files == null) {
            return;
        }
        MayLeave exception = context.getRequiredTestClass().getAnnotation(MayLeave.class);
        String allowed = exception == null ? "" : exception.value();
        List<String> left = waitFor(() -> {
            List<String> now = new ArrayList<>();
            for (Thread thread : threads()) {
                String name = "thread " + thread.getName();
                if (!threads.contains(thread) && !name.matches(allowed)) {
                    now.add(name);
                }
            }
            for (String file : files()) {
                if (!files.contains(file) && !file.matches(allowed)) {
                    now.add(file);
                }
            }
            return now;
        });
        if (!left.isEmpty()) {
            throw new AssertionError(context.getRequiredTestClass().getSimpleName() + " leaves behind " + left);
        }
    }

    private static boolean isTop(ExtensionContext context) {
        return context.getRequiredTestClass().getEnclosingClass() == null;
    }

    private static List<String> waitFor(Supplier<List<String>> look) {
        long began = System.nanoTime();
        List<String> left = look.get();
        while (!left.isEmpty() && System.nanoTime() - began < PATIENCE_NANOS) {
            LockSupport.parkNanos(LOOK_NANOS);
            left = look.get();
        }
        return left;
    }

    private static Set<Thread> threads() {
        Set<Thread> found = new HashSet<>();
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.isAlive() && !OF_THE_PROCESS.matcher(thread.getName()).matches()) {
                found.add(thread);
            }
        }
        return found;
    }

    /** Open files of tests' directories, and TCP sockets. */
    private static Set<String> files() {
        Set<String> found = new HashSet<>();
        Set<String> tcp = tcpSockets();
        Path self = Path.of("/proc/self/fd");
        if (!Files.isDirectory(self)) {
            return found;
        }
        try (DirectoryStream<Path> open = Files.newDirectoryStream(self)) {
            for (Path one : open) {
                String target = target(one);
                if (tcp.contains(target) || target.contains("/junit")) {
                    found.add(target);
                }
            }
        } catch (IOException nobodyCanTell) {
            return new HashSet<>();
        }
        return found;
    }

    /** The JVM has sockets of other kinds for itself. */
    private static Set<String> tcpSockets() {
        Set<String> found = new HashSet<>();
        for (String table : List.of("/proc/self/net/tcp", "/proc/self/net/tcp6")) {
            try {
                for (String line : Files.readAllLines(Path.of(table))) {
                    String[] columns = line.strip().split("\\s+");
                    found.add("socket:[" + (columns.length > INODE ? columns[INODE] : "") + "]");
                }
            } catch (IOException nobodyCanTell) {
                return Set.of();
            }
        }
        return found;
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException closedMeanwhile) {
            return "";
        }
    }
}
