package dev.recado.apps.messaging.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PersonDriverTest {

    private final Queue<String> lines = new ArrayDeque<>();
    private final List<String> told = new ArrayList<>();
    private final List<String> asked = new ArrayList<>();
    private final PersonDriver driver = new PersonDriver(lines, told::add);

    private boolean type(String line) {
        lines.add(line);
        return turn();
    }

    private boolean turn() {
        return driver.onTick(0, false, (service, fields) -> asked.add(service + " " + fields));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /users                 | users {}
            /status                | status {}
            /channel news          | channel {channel=news}
            /history news          | history {channel=news}
            /history news 20       | history {channel=news, limit=20}
            /with ana 100          | history {with=ana, limit=100}
            """)
    void shouldAskWhatIsTyped(String line, String request) {
        // Given
        turn();

        // When
        type(line);

        // Then
        assertThat(asked).containsExactly("login {}", request);
        assertThat(told).isEmpty();
    }

    /** A person may go while a server is not there; who pipes lines in wants their answers. */
    @Test
    void shouldGoThoughAnAnswerIsMissing() {
        // Given
        turn();
        lines.add("/quit");

        // When / Then
        assertThat(driver.onTick(1_000, true, (service, fields) -> true)).isTrue();
        assertThat(driver.onTick(1_000 + PersonDriver.QUIT_MS - 1, true, (service, fields) -> true))
                .isTrue();
        assertThat(driver.onTick(1_000 + PersonDriver.QUIT_MS, true, (service, fields) -> true))
                .isFalse();
    }

    @Test
    void shouldWaitForAnAnswerWhereTheInputEnded() {
        // Given
        turn();
        lines.add(PersonDriver.END);

        // When / Then
        assertThat(driver.onTick(1_000, true, (service, fields) -> true)).isTrue();
        assertThat(driver.onTick(100_000, true, (service, fields) -> true)).isTrue();
        assertThat(turn()).isFalse();
    }

    @Test
    void shouldTakeTheRestOfTheLineAsText() {
        // Given
        turn();

        // When
        type("/publish news more than a word");

        // Then
        assertThat(asked.get(1)).contains("channel=news").contains("text=more than a word");
    }

    /** A server's answer to what was not whole told about the length of names. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /publish               | usage: /publish CHANNEL TEXT
            /publish news          | usage: /publish CHANNEL TEXT
            /message               | usage: /message USER TEXT
            /channel two words     | usage: /channel NAME
            /history               | usage: /history CHANNEL [COUNT]
            /history news all      | usage: /history CHANNEL [COUNT]
            /history news 101      | usage: /history CHANNEL [COUNT]
            /users all             | usage: /users
            /create news           | no such command: /create; /help lists them
            hello                  | no such command: hello; /help lists them
            """)
    void shouldSayHowACommandIsWritten(String line, String answer) {
        // Given
        turn();

        // When
        boolean goesOn = type(line);

        // Then
        assertThat(goesOn).isTrue();
        assertThat(told).containsExactly(answer);
        assertThat(asked).hasSize(1);
    }

    @Test
    void shouldListAllCommands() {
        // Given
        turn();

        // When
        type("/help");

        // Then
        assertThat(told.get(0)).contains("/publish CHANNEL TEXT", "/status", "/quit");
        assertThat(type("/quit")).isFalse();
    }
}
