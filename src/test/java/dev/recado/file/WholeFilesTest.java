package dev.recado.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WholeFilesTest {

    private final Path folder;
    private final Path file;

    WholeFilesTest(@TempDir Path folder) {
        this.folder = folder;
        file = folder.resolve("file");
    }

    @Test
    void shouldNotTouchAPartThatSomebodyElseLeft() throws IOException {
        // Given
        Path left = Files.writeString(folder.resolve("file.partial"), "precious");

        // When
        WholeFiles.write(file, out -> out.write('x'));
        WholeFiles.writeUnsynced(file, "y");

        // Then
        assertThat(file).hasContent("y");
        assertThat(left).hasContent("precious");
        assertThat(folder).isDirectoryNotContaining("glob:**.partial2");
    }

    @Test
    void shouldNameTheFileThatCannotBeWritten() {
        // Given
        IOException full = new IOException("No space left on device");
        OutputStream out = new NamedOutput(file, new OutputStream() {
            @Override
            public void write(int one) throws IOException {
                throw full;
            }
        });

        // When
        assertThatThrownBy(() -> out.write(new byte[2]))
                // Then
                .hasMessage(file + ": No space left on device")
                .hasCause(full);
    }

    /** What its content comes from, such as a broker that is gone, is another matter. */
    @Test
    void shouldNotNameTheFileWhereItsContentFails() {
        // Given
        IOException gone = new IOException("the broker is gone");

        // When
        assertThatThrownBy(() -> WholeFiles.write(file, out -> {
                    throw gone;
                }))
                // Then
                .isSameAs(gone);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void shouldKeepEachContentUnderANameOfItsOwn() throws IOException {
        for (String content : new String[] {"one", "two", "three"}) {
            // Given
            WholeFiles.write(file, out -> out.write(WholeFiles.utf8(content)));

            // When
            WholeFiles.keep(file);
        }

        // Then
        assertThat(folder.resolve("file~")).hasContent("one");
        assertThat(folder.resolve("file~2")).hasContent("two");
        assertThat(folder.resolve("file~3")).hasContent("three");
        assertThat(file).hasContent("three");
    }
}
