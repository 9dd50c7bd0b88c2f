package dev.recado.transport.zmtp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.transport.SessionSize;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Ten thousand idle connections are promised at 12 KiB each; this holds what ZMTP adds to that. */
class SessionSizeTest {

    private static final long BYTES_MAX = 1_200;

    @Test
    void shouldCostLittleWhileItIsIdle() throws IllegalAccessException {
        for (Role role : Role.values()) {
            // Given
            ZmtpStage stage = new ZmtpStage();
            String type =
                    switch (role) {
                        case ROUTER -> "REQ";
                        case DEALER -> "REP";
                        case XSUB -> "PUB";
                        case XPUB -> "SUB";
                        case PULL -> "PUSH";
                        case PUSH -> "PULL";
                    };
            ZmtpSession other = stage.connect("a", type, role).session();

            // When
            ZmtpSession idle = stage.connect("b", type, role).session();

            // Then
            Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
            SessionSize.bytes(other, seen);
            long bytes = SessionSize.bytes(idle, seen);
            assertThat(bytes).as("bytes of an idle %s", role).isBetween(512L, BYTES_MAX);
        }
    }
}
