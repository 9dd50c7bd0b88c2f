package dev.recado.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A client in Python and one in JavaScript, which know the page alone, talk to each other through the servers. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MessagingClientsIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    @WorkDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it before a test begins.
    Path work;

    @Test
    void shouldKeepTheOrderOfWhatCausedWhatAcrossLanguages() throws Exception {
        // Given
        Tool.PYZMQ.require();
        Tool.PYTHON_MSGPACK.require();
        Tool.MESSAGING_JS.require();
        try (MessagingScene scene = MessagingScene.start(work, "--bots", "0")) {
            String[] at = {endpoint(scene, "frontend"), endpoint(scene, "xpub")};
            List<String> node = new ArrayList<>(NodePrograms.program("messaging"));
            node.addAll(List.of(at[0], at[1], "nuno", "petra", "second"));
            String python = AmqpProgram.source("messaging", "client.py").toString();

            // When
            try (ScriptProcess petra = ScriptProcess.start(
                            work, "/usr/bin/python3", python, at[0], at[1], "petra", "nuno", "first");
                    ScriptProcess nuno = ScriptProcess.start(work, node.toArray(String[]::new))) {
                assertThat(petra.exitCode(LIMIT)).as(petra::out).isZero();
                assertThat(nuno.exitCode(LIMIT)).as(nuno::out).isZero();

                // Then: what was said, heard, answered and heard again has clocks that only grow
                List<Long> petras = clocks(petra.out());
                List<Long> nunos = clocks(nuno.out());
                List<Long> chain = new ArrayList<>();
                for (int i = 0; i < 3; i++) {
                    chain.addAll(nunos.subList(3 * i, 3 * i + 2));
                    chain.addAll(petras.subList(3 * i + 1, 3 * i + 3));
                }
                assertThat(chain).hasSize(12).isSorted().doesNotHaveDuplicates();
                // At the last question either may have been answered by a server that had not heard the last of it yet.
                assertThat(petra.out()).containsPattern("done [3-6]");
                assertThat(nuno.out()).containsPattern("done [3-6]");
            }
        }
    }

    private static String endpoint(MessagingScene scene, String key) {
        return "tcp://127.0.0.1:" + scene.port(key);
    }

    /** The clocks of a program's events: of what it sent when that was answered; of what it heard, twice. */
    private static List<Long> clocks(String out) {
        return out.lines()
                .filter(line -> line.startsWith("sent ") || line.startsWith("heard "))
                .flatMap(line -> Stream.of(line.split(" ")).skip(2))
                .map(Long::parseLong)
                .toList();
    }
}
