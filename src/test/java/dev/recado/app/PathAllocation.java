package dev.recado.app;

import com.sun.management.ThreadMXBean;
import dev.recado.config.Config;
import dev.recado.config.ConfigLoader;
import dev.recado.journal.DataDirectory;
import dev.recado.journal.NioDisk;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;

/**
 * Bytes of heap that the broker allocates per message on a path, as a whole: in every thread that the node started,
 * with real sockets and a real disk. Bytes and not times, because they depend little on the machine: messages come in
 * large bursts, so that what is paid per read, per turn and per group is shared by many.
 *
 * <p>A message of 128 bytes takes 133 stored, in an array that is kept: that is the least. Each test says what was
 * measured with OpenJDK 17 on two cores. Its bound leaves room for smaller reads and turns on a busy machine, but not
 * for one more copy of every message. Who makes a path cheaper lowers its bound.
 */
abstract class PathAllocation {

    static final int PAYLOAD_BYTES = 128;
    static final int BURST = 10_000;

    private static final int WARM_UP_BURSTS = 10;
    private static final int BURSTS = 20;
    private static final long START_STOP_S = 20;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final Path folder;
    /** Threads that were there before the node. */
    private final Set<Long> foreign = new HashSet<>();

    private DataDirectory directory;
    private RecadoNode node;
    private List<BoundAddress> addresses = List.of();

    PathAllocation(Path folder) {
        this.folder = folder;
    }

    /** What is done with one burst. */
    interface Round {
        void play() throws IOException;
    }

    final void start(int loops) throws Exception {
        for (long id : threads.getAllThreadIds()) {
            foreign.add(id);
        }
        Config config = new ConfigLoader()
                .freePorts()
                .set("node.event-loops", String.valueOf(loops))
                .set("disk.free-min", "0")
                .load();
        NioDisk disk = new NioDisk(folder.resolve("data"));
        directory = DataDirectory.open(disk, null, null, UUID::randomUUID);
        node = new RecadoNode(new Launch(config, null, null), disk, directory);
        addresses = wait(node.start());
    }

    @AfterEach
    void stop() throws Exception {
        wait(node.stop());
        directory.close();
    }

    /** Of the listener of that name. */
    final int port(String name) {
        return addresses.stream()
                .filter(address -> address.name().equals(name))
                .findAny()
                .orElseThrow()
                .port();
    }

    private static <T> T wait(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(START_STOP_S, TimeUnit.SECONDS);
    }

    /** Plays rounds until the path is compiled, then on; what the node's threads allocated by round and message. */
    final long bytesPerMessage(Round round) throws IOException {
        for (int i = 0; i < WARM_UP_BURSTS; i++) {
            round.play();
        }
        Map<Long, Long> before = allocated();
        for (int i = 0; i < BURSTS; i++) {
            round.play();
        }
        Map<Long, Long> after = allocated();
        long bytes = 0;
        for (Map.Entry<Long, Long> thread : after.entrySet()) {
            bytes += thread.getValue() - before.getOrDefault(thread.getKey(), 0L);
        }
        return bytes / BURSTS / BURST;
    }

    /** Bytes allocated so far by each live thread that the node started. */
    private Map<Long, Long> allocated() {
        Map<Long, Long> byThread = new HashMap<>();
        for (long id : threads.getAllThreadIds()) {
            long bytes = threads.getThreadAllocatedBytes(id);
            if (!foreign.contains(id) && bytes >= 0) {
                byThread.put(id, bytes);
            }
        }
        return byThread;
    }
}
