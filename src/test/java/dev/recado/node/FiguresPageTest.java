package dev.recado.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.broker.NodeFigures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The pages tell of every figure that the broker has. */
@Timeout(60)
class FiguresPageTest {

    private static final Path SITE = Path.of("src", "site", "markdown");
    private static final String SHARE = "bytes_";
    private static final String BOUND = "_max";

    @TempDir
    Path directory;

    private static String page(String name) throws IOException {
        return Files.readString(SITE.resolve(name));
    }

    @Test
    void shouldTellWhatEachFigureIs() throws Exception {
        try (NodeRig rig = NodeRig.start(directory)) {
            // Given
            TestSession session = rig.sessionOn(0);
            String figures = page("operations.md");
            String shares = page("architecture.md");

            // When
            NodeFigures all = session.call(() -> session.link().figures());

            // Then
            for (String name : all.values().keySet()) {
                boolean isShare = all.values().containsKey(name + BOUND);
                if (isShare) {
                    assertThat(shares).contains("\n| `" + name.substring(SHARE.length()) + "` | ");
                } else if (!all.values().containsKey(withoutBound(name))) {
                    assertThat(figures).contains("\n| `" + name + "` | ");
                }
            }
        }
    }

    private static String withoutBound(String name) {
        return name.endsWith(BOUND) ? name.substring(0, name.length() - BOUND.length()) : name + BOUND;
    }
}
