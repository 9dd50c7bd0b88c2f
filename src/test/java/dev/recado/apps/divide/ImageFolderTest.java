package dev.recado.apps.divide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageFolderTest {

    @Test
    void shouldListImagesInTheOrderOfTheirNames(@TempDir Path folder) throws IOException {
        // Given
        for (String name : List.of("b.PNG", "a.jpeg", "c.txt", ".hidden.png", "z", "png", "d.tif", "a b.gif")) {
            Files.writeString(folder.resolve(name), "");
        }
        Files.createDirectory(folder.resolve("folder.png"));

        // When
        ImageFolder images = ImageFolder.list(folder);

        // Then
        assertThat(images.names()).containsExactly("a b.gif", "a.jpeg", "b.PNG", "d.tif");
        assertThat(images.folder()).isAbsolute().isEqualTo(folder.toAbsolutePath());
    }

    @Test
    void shouldTellThatThereIsNoFolder(@TempDir Path folder) {
        assertThatThrownBy(() -> ImageFolder.list(folder.resolve("none"))).isInstanceOf(IOException.class);
    }
}
