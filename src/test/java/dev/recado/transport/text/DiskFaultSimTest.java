package dev.recado.transport.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.journal.GatedDisk;
import dev.recado.journal.SegmentSettings;
import dev.recado.journal.StorageException;
import dev.recado.journal.StorageException.Kind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Calls of the disk port fail by a seed, under a broker that is published to: it goes on or it says that its storage
 * failed, a full disk and an unknown amount of space it outlives, and after a restart everything confirmed is there
 * once. {@code -Drecado.disk.rounds=…} sets how many faults of each kind of call, {@code -Drecado.seed=…} the seed.
 */
@Timeout(600)
class DiskFaultSimTest {

    private static final int WINDOW = 20;
    /** How long it is waited for the first strike; the rarest calls come four times a second. */
    private static final long STRIKE_MS_MAX = 10_000;

    private static final int WINDOWS_BEHIND = 6;
    /** Before anything is struck. */
    private static final int WINDOWS_CALM = 2;

    private static final long PATIENCE_MS = 300;
    private static final long ANSWER_MS_MAX = 20_000;
    private static final long QUIET_MS = 100;

    private final long seed = Long.getLong("recado.seed", System.nanoTime());
    private final int rounds = Integer.getInteger("recado.disk.rounds", 1);

    @TempDir
    Path directory;

    /** The others come a few times a second at most. */
    private static final Set<GatedDisk.Call> OFTEN =
            EnumSet.of(GatedDisk.Call.OPEN, GatedDisk.Call.WRITE, GatedDisk.Call.SYNC);

    /** What fails: the calls of a kind from the {@code skip}th on, {@code count} of them. */
    private record Plan(GatedDisk.Call call, Kind kind, int skip, int count) {}

    /** Trash is old at once. */
    private static final SegmentSettings SEGMENTS =
            new SegmentSettings(64 * 1024 * 1024, 64 * 1024, 4 * 1024 * 1024, 0);

    /** A disk that is struck while armed. */
    private static final class Striker implements GatedDisk.Gate {
        private final Plan plan;
        private boolean armed;
        private int seen;
        private int struck;

        private Striker(Plan plan) {
            this.plan = plan;
        }

        synchronized void arm(boolean on) {
            armed = on;
        }

        synchronized int struck() {
            return struck;
        }

        @Override
        public synchronized boolean pass(GatedDisk.Call call, String path) {
            if (armed && call == plan.call && seen++ >= plan.skip && struck < plan.count) {
                struck++;
                throw new StorageException(plan.kind, "injected " + plan + " path=" + path, null);
            }
            return FuzzedNode.isNoSync(call, path);
        }
    }

    @TestFactory
    List<DynamicTest> shouldKeepWhatWasConfirmed() {
        System.out.println("DiskFaultSimTest seed=" + seed + " rounds=" + rounds);
        List<DynamicTest> tests = new ArrayList<>();
        Random random = new Random(seed);
        for (int round = 0; round < rounds; round++) {
            for (GatedDisk.Call call : GatedDisk.Call.values()) {
                // A sync fails for good, whatever the reason: see DiskFile.
                List<Kind> kinds = call == GatedDisk.Call.SYNC ? List.of(Kind.FAILED) : List.of(Kind.FULL, Kind.FAILED);
                for (Kind kind : kinds) {
                    Plan plan =
                            new Plan(call, kind, random.nextInt(OFTEN.contains(call) ? 6 : 2), 1 + random.nextInt(4));
                    Path data = directory.resolve(round + "-" + call + "-" + kind);
                    tests.add(DynamicTest.dynamicTest(plan + " seed=" + seed, () -> strike(plan, data)));
                }
            }
        }
        return tests;
    }

    private void strike(Plan plan, Path data) throws Exception {
        // Given
        Set<String> confirmed = new HashSet<>();
        Striker striker = new Striker(plan);
        FuzzedNode node = new FuzzedNode(data, striker, SEGMENTS);

        // When
        boolean failed;
        try {
            failed = publishUnder(node, striker, confirmed);
        } finally {
            node.crash();
        }

        // Then
        boolean outlives =
                (plan.kind == Kind.FULL && (plan.call == GatedDisk.Call.WRITE || plan.call == GatedDisk.Call.OPEN))
                        || plan.call == GatedDisk.Call.FREE_BYTES;
        if (failed && outlives) {
            node.assertSound("which it should have outlived");
        }
        FuzzedNode again = new FuzzedNode(data);
        try {
            assertHolds(again, confirmed);
            again.assertSound("after the restart");
        } finally {
            again.crash();
        }
    }

    /** Answers whether the storage was told to have failed; where not, everything was answered. */
    private boolean publishUnder(FuzzedNode node, Striker striker, Set<String> confirmed) throws Exception {
        PlainClient client = new PlainClient(node, 0);
        PlainClient other = new PlainClient(node, 1);
        assertThat(client.ask("TOPIC:CREATE:log")).startsWith("OK");
        assertThat(client.ask("TOPIC:CREATE:gone:limit.messages=10&overflow=drop-oldest"))
                .startsWith("OK");
        assertThat(client.ask("TOPIC:CREATE:many:partitions=2")).startsWith("OK");
        boolean failed = false;
        int behind = 0;
        long deadline = System.nanoTime() + STRIKE_MS_MAX * 1_000_000;
        for (int window = 0; behind < WINDOWS_BEHIND && !failed && System.nanoTime() < deadline; window++) {
            striker.arm(window >= WINDOWS_CALM);
            behind += striker.struck() > 0 ? 1 : 0;
            String topic = List.of("log", "many", "gone").get(window % 3);
            List<String> sent = publish(client, topic, window);
            for (int i = 0; i < sent.size() && !failed; i++) {
                String answer = answer(client, node, striker);
                failed = answer.isEmpty();
                if (answer.startsWith("OK:") && !topic.equals("gone")) {
                    confirmed.add(sent.get(i));
                }
            }
            administrate(other, window);
        }
        assertThat(striker.struck()).as("strikes").isPositive();
        return failed || node.hasFailed();
    }

    /** The next answer, or an empty text where the storage failed. What takes long ends the trouble. */
    private static String answer(PlainClient client, FuzzedNode node, Striker striker) throws Exception {
        long deadline = System.nanoTime() + ANSWER_MS_MAX * 1_000_000;
        String answer = client.answerWithin(PATIENCE_MS);
        while (answer.isEmpty() && !node.hasFailed() && System.nanoTime() < deadline) {
            striker.arm(false);
            answer = client.answerWithin(PATIENCE_MS);
        }
        assertThat(!answer.isEmpty() || node.hasFailed())
                .as("an answer once the disk is well again")
                .isTrue();
        return node.hasFailed() ? "" : answer;
    }

    private static List<String> publish(PlainClient client, String topic, int window) throws Exception {
        List<String> sent = new ArrayList<>();
        for (int i = 0; i < WINDOW; i++) {
            String payload = topic + "-" + window + "-" + i + "-" + "x".repeat(4_000);
            client.say("PUB:" + topic + ":" + payload.length() + "\n" + payload);
            sent.add(payload);
        }
        return sent;
    }

    /** Makes files come and go, so that each kind of call is made; what becomes of it is not asked. */
    private static void administrate(PlainClient other, int window) throws Exception {
        other.say("TOPIC:CREATE:t" + window);
        other.say("PUB:t" + window + ":1\nx");
        other.say("TOPIC:DELETE:t" + (window - 3));
    }

    private static void assertHolds(FuzzedNode node, Set<String> confirmed) throws Exception {
        PlainClient client = new PlainClient(node, 1);
        assertThat(client.ask("SUB:log:new:auto:first")).startsWith("OK");
        assertThat(client.ask("SUB:many:new:auto:first")).startsWith("OK");
        List<String> delivered = client.delivered(confirmed, QUIET_MS);
        assertThat(delivered).doesNotHaveDuplicates().containsAll(confirmed);
    }
}
