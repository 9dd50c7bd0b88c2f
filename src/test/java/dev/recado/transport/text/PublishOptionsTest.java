package dev.recado.transport.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.Refusal;
import dev.recado.core.message.Draft;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PublishOptionsTest {

    private final Draft draft = new Draft();

    private @Nullable Refusal read(String line) {
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        TextCommand command = new TextCommand();
        command.parseLine(bytes, 0, bytes.length);
        boolean through = command.verb == Verb.XPUB;
        return PublishOptions.read(
                command, through ? PublishOptions.XPUB_FIELDS : PublishOptions.PUB_FIELDS, draft.clear());
    }

    @ParameterizedTest
    @CsvSource({
        "PUB:t:k:h=v:5, 0",
        "PUB:t:k:h=v::5, 0",
        "PUB:t:k:priority=7:5, 0",
        "PUB:t:k:h=v:priority=7:5, 7",
        "PUB:t:::priority=0:5, 0",
        "PUB:t:::priority=255:5, 255",
        "XPUB:e:k:h=v:priority=7:5, 0",
        "XPUB:e:k:h=v::priority=7:5, 7",
        "XPUB:e:k:h=v:l&m:priority=12:5, 12",
        "PUB:t:::nosync:5, 0",
        "PUB:t:::nosync&priority=9:5, 9",
        "PUB:t:::priority=9&nosync:5, 9"
    })
    void shouldReadThePriority(String line, int priority) {
        // When / Then
        assertThat(read(line)).isNull();
        assertThat(draft.priority).isEqualTo(priority);
        assertThat(draft.isUnsynced).isEqualTo(line.contains("nosync"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "priority=256",
                "priority=",
                "priority=-1",
                "priority=0007",
                "priority=1x",
                "priority",
                "ttl=1",
                "nosync&nosync",
                "priority=1&priority=1",
                "nosync&",
                "&nosync",
                "no"
            })
    void shouldRefuseWhatIsNone(String options) {
        // When
        Refusal refusal = read("PUB:t:k:h=v:" + options + ":5");
        // Then
        assertThat(Objects.requireNonNull(refusal).detail())
                .isEqualTo("options, allowed=nosync, priority=<0 to 255>, joined by &");
        assertThat(draft.priority).isZero();
    }

    @Test
    void shouldNotLookIntoShortForms() {
        // When / Then
        assertThat(read("PUB:priority=7:5")).isNull();
        assertThat(draft.priority).isZero();
    }
}
