package dev.recado.transport.zmtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.recado.base.SettingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CurveFilesTest {

    private final Path folder;

    CurveFilesTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void shouldNameTheSettingOfAFileThatCannotBeRead() {
        assertThatThrownBy(() -> CurveFiles.read(folder.resolve("none").toString(), ""))
                .isInstanceOf(SettingException.class)
                .hasMessageStartingWith("zmtp.curve.key-file: cannot read " + folder.resolve("none"));
        assertThatThrownBy(() -> CurveFiles.read(folder.toString(), ""))
                .isInstanceOf(SettingException.class)
                .hasMessageStartingWith("zmtp.curve.key-file: cannot read " + folder);
    }

    @Test
    void shouldNameTheSettingOfAFileThatHoldsNoKey() throws IOException {
        // Given
        Path notes = Files.writeString(folder.resolve("notes.txt"), "no key\n");

        // When / Then
        assertThatThrownBy(() -> CurveFiles.read(notes.toString(), ""))
                .isInstanceOf(SettingException.class)
                .hasMessageStartingWith("zmtp.curve.key-file: " + notes);
        assertThat(CurveFiles.read("", notes.toString())).isNull();
    }
}
