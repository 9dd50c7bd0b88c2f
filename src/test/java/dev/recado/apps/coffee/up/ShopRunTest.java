package dev.recado.apps.coffee.up;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.recado.apps.Stop;
import dev.recado.apps.process.FreePorts;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShopRunTest {

    private static final ShopPlan.Counts COUNTS = new ShopPlan.Counts(1, 1, 1);

    /** What listened at the broker's port was taken for the broker, and the shop was said to be ready. */
    @Test
    void shouldStartNothingWhereAPortIsTaken(@TempDir Path data) throws IOException {
        // Given
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Map<String, Integer> ports = new LinkedHashMap<>(FreePorts.pick(ShopPlan.portKeys(COUNTS, true)));
            ports.put("amqp", taken.getLocalPort());
            StringWriter said = new StringWriter();
            ShopPlan plan = new ShopPlan(data, null, COUNTS, List.of(), List.of(), ports);
            ShopRun run = new ShopRun(plan, null, new Stop(), new Board(new PrintWriter(said, true), false));

            // When
            assertThatThrownBy(run::run)
                    // Then
                    .isInstanceOf(IOException.class)
                    .hasMessage("port " + taken.getLocalPort()
                            + " (amqp) is in use: end what listens there, or give --free-ports");
            assertThat(said.toString()).doesNotContain("starts");
            assertThat(data.resolve("run/nodes.json")).doesNotExist();
        }
    }
}
