package dev.recado.transport.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ErrorCode;
import dev.recado.transport.text.wire.ErrorText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The page text-protocol-reference says what the session does: its dialogues are played, as are the README's, and its
 * errors are complete.
 */
class ReferencePageTest {

    private static final Path PAGE = Path.of("src", "site", "markdown", "text-protocol-reference.md");
    private static final Path README = Path.of("README.md");
    private static final String BEGIN = "```dialogue\n";

    private static String page() {
        return read(PAGE);
    }

    private static String read(Path page) {
        try {
            return Files.readString(page);
        } catch (IOException absent) {
            throw new UncheckedIOException(absent);
        }
    }

    @TestFactory
    Stream<DynamicTest> shouldHoldItsDialogues() {
        String page = page() + read(README);
        List<DynamicTest> dialogues = new ArrayList<>();
        for (int at = page.indexOf(BEGIN); at >= 0; at = page.indexOf(BEGIN, at + 1)) {
            String dialogue = page.substring(at + BEGIN.length(), page.indexOf("```", at + BEGIN.length()));
            String first = dialogue.lines().findFirst().orElse("");
            dialogues.add(DynamicTest.dynamicTest(first, () -> new Stage().play(dialogue)));
        }
        assertThat(dialogues).hasSizeGreaterThan(10);
        return dialogues.stream();
    }

    @Test
    void shouldTellEveryError() {
        String page = page();
        for (ErrorCode code : ErrorCode.values()) {
            assertThat(page).contains("| `" + ErrorText.words(code) + "` | " + code + " |");
        }
    }
}
