package dev.recado.transport.amqp.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ReplyCodeTest {

    /** As in the specification, and 312, which it writes in the text of {@code basic.return} only. */
    private static final String CODES = """
            200 REPLY_SUCCESS NOTHING
            311 CONTENT_TOO_LARGE CHANNEL
            312 NO_ROUTE CHANNEL
            313 NO_CONSUMERS CHANNEL
            320 CONNECTION_FORCED CONNECTION
            402 INVALID_PATH CONNECTION
            403 ACCESS_REFUSED CHANNEL
            404 NOT_FOUND CHANNEL
            405 RESOURCE_LOCKED CHANNEL
            406 PRECONDITION_FAILED CHANNEL
            501 FRAME_ERROR CONNECTION
            502 SYNTAX_ERROR CONNECTION
            503 COMMAND_INVALID CONNECTION
            504 CHANNEL_ERROR CONNECTION
            505 UNEXPECTED_FRAME CONNECTION
            506 RESOURCE_ERROR CONNECTION
            530 NOT_ALLOWED CONNECTION
            540 NOT_IMPLEMENTED CONNECTION
            541 INTERNAL_ERROR CONNECTION
            """;

    @Test
    void shouldHaveNumbersNamesAndReach() {
        assertThat(Arrays.stream(ReplyCode.values())
                        .map(code -> code.number() + " " + code + " " + code.ends() + "\n")
                        .collect(Collectors.joining()))
                .isEqualTo(CODES);
    }

    @Test
    void shouldBeginTheTextWithTheName() {
        assertThat(ReplyCode.NOT_FOUND.text("no queue 'q' in vhost '/'"))
                .isEqualTo("NOT_FOUND - no queue 'q' in vhost '/'");
    }
}
