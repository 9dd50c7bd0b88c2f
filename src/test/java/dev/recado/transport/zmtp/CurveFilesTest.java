package dev.recado.transport.zmtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.recado.base.SettingException;
import dev.recado.security.Identity;
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
        assertThatThrownBy(() -> CurveFiles.read(names(folder.resolve("none").toString(), "")))
                .isInstanceOf(SettingException.class)
                .hasMessageStartingWith("zmtp.curve.key-file: cannot read " + folder.resolve("none"));
        assertThatThrownBy(() -> CurveFiles.read(names(folder.toString(), "")))
                .isInstanceOf(SettingException.class)
                .hasMessageStartingWith("zmtp.curve.key-file: cannot read " + folder);
    }

    @Test
    void shouldNameTheSettingOfAFileThatHoldsNoKey() throws IOException {
        // Given
        Path notes = Files.writeString(folder.resolve("notes.txt"), "no key\n");

        // When / Then
        assertThatThrownBy(() -> CurveFiles.read(names(notes.toString(), "")))
                .isInstanceOf(SettingException.class)
                .hasMessageStartingWith("zmtp.curve.key-file: " + notes);
        assertThat(CurveFiles.read(names("", notes.toString()))).isNull();
    }

    private static ZmtpSettings.Entrance names(String keyFile, String clientsFile) {
        return new ZmtpSettings.Entrance(keyFile, clientsFile, Identity.NOBODY, "", false);
    }
}
