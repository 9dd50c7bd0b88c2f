package dev.recado.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.core.topic.GroupDef;
import org.junit.jupiter.api.Test;

class DeadLetterTest {

    private static DeadLetter with(String headers) {
        return DeadLetter.of("{\"id\":\"3\",\"time\":5,\"headers\":" + headers + ",\"payload\":\"x\"}");
    }

    @Test
    void shouldFinishLettersInTheGroupThatTheBrokerKeeps() {
        // When, Then
        assertThat(DeadLetters.GROUP).isEqualTo(GroupDef.DEAD_LETTERS);
        assertThat(DeadLetters.QUEUE).isEqualTo(GroupDef.QUEUE);
    }

    @Test
    void shouldKeepHeadersOfTheMessageThatLookLikeTheBrokers() {
        // When: dead-group is the message's own, a pattern has none
        DeadLetter letter = with("{\"dead-reason\":\"bad\",\"dead-topic\":\"a.b\",\"dead-pattern\":\"a.*\","
                + "\"dead-attempts\":\"2\",\"dead-line\":\"noon\",\"dead-group\":\"mine\"}");

        // Then
        assertThat(letter.headers().toString()).isEqualTo("{dead-line=noon, dead-group=mine}");
        assertThat(letter.json())
                .isEqualTo("{\"id\":\"3\",\"time\":5,\"reason\":\"bad\",\"topic\":\"a.b\",\"group\":\"\","
                        + "\"pattern\":\"a.*\",\"attempts\":2,\"key\":\"\","
                        + "\"headers\":{\"dead-line\":\"noon\",\"dead-group\":\"mine\"},\"payload\":\"x\"}");
    }

    @Test
    void shouldReadWhatStandsBeforeALetterThatCameThroughAnExchange() {
        // When
        DeadLetter letter =
                with("{\"dead-history\":\"reason=rejected queue=a\",\"dead-exchange\":\"\",\"dead-key\":\"b\","
                        + "\"dead-reason\":\"rejected\",\"dead-topic\":\"a\",\"dead-attempts\":\"1\",\"line\":\"7\"}");

        // Then
        assertThat(letter.reason()).isEqualTo("rejected");
        assertThat(letter.topic()).isEqualTo("a");
        assertThat(letter.headers().toString()).isEqualTo("{line=7}");
        assertThat(letter.json()).contains("\"history\":\"reason=rejected queue=a\"");
    }

    @Test
    void shouldTakeNothingFromAMessageThatIsNoDeadLetter() {
        assertThat(with("{\"color\":\"red\",\"dead-reason\":\"mine\"}").headers())
                .hasSize(2);
    }
}
