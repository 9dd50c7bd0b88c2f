package dev.recado.apps.divide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ImageFilesTest {

    private final Path source;
    private final Path target;

    ImageFilesTest(@TempDir Path folder) {
        source = folder.resolve("in");
        target = folder.resolve("out");
    }

    @BeforeEach
    void makeFolders() throws IOException {
        Files.createDirectories(source);
        Files.createDirectories(target);
    }

    private ImageFiles files(Filter filter) {
        return new ImageFiles(target, filter, 1_000_000);
    }

    private Path made(String name, String format, int width, int height, int type) throws IOException {
        return Images.write(source.resolve(name), format, Images.picture(width, height, type));
    }

    @Test
    void shouldKeepTheTransparencyOfAPng() throws IOException {
        // Given
        Path file = made("a.png", "png", 40, 30, BufferedImage.TYPE_INT_ARGB);

        // When
        long bytes = files(Filter.grayscale).filter(file);

        // Then
        BufferedImage result = Images.read(target.resolve("a.png"));
        assertThat(bytes).isEqualTo(Files.size(target.resolve("a.png")));
        assertThat(result.getWidth()).isEqualTo(40);
        assertThat(result.getHeight()).isEqualTo(30);
        for (int x : new int[] {3, 35}) {
            int pixel = result.getRGB(x, 12);
            assertThat(Pixels.alpha(pixel)).isEqualTo(x < 20 ? 0x40 : 0xff);
            assertThat(Pixels.red(pixel)).isEqualTo(Pixels.blue(pixel)).isEqualTo(Pixels.green(pixel));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "a.png,  png,  a.png",
        "b.jpg,  jpeg, b.jpg",
        "c.JPEG, jpeg, c.JPEG",
        "d.gif,  gif,  d.gif",
        "e.bmp,  bmp,  e.bmp",
        "f.tiff, tiff, f.tiff",
        "g.png,  jpeg, g.png"
    })
    void shouldWriteInTheFormatInWhichItWasRead(String name, String format, String result) throws IOException {
        // Given
        Path file = made(name, format, 33, 21, BufferedImage.TYPE_INT_RGB);

        // When
        files(Filter.invert).filter(file);

        // Then
        int before = Images.read(file).getRGB(30, 10);
        int after = Images.read(target.resolve(result)).getRGB(30, 10);
        assertThat(Pixels.red(after)).isCloseTo(255 - Pixels.red(before), within(30));
        assertThat(Pixels.green(after)).isCloseTo(255 - Pixels.green(before), within(30));
    }

    @Test
    void shouldWriteWhatHasNoColoursAsPng() throws IOException {
        // Given
        Path file = Images.write(
                source.resolve("black.wbmp"), "wbmp", new BufferedImage(9, 9, BufferedImage.TYPE_BYTE_BINARY));

        // When
        files(Filter.invert).filter(file);

        // Then
        assertThat(Images.read(target.resolve("black.wbmp.png")).getRGB(4, 4)).isEqualTo(0xffff_ffff);
    }

    @ParameterizedTest
    @EnumSource
    void shouldTakeOnePixel(Filter filter) throws IOException {
        // Given
        Path png = made("one.png", "png", 1, 1, BufferedImage.TYPE_INT_ARGB);
        Path jpeg = made("one.jpg", "jpeg", 1, 1, BufferedImage.TYPE_INT_RGB);

        // When
        files(filter).filter(png);
        files(filter).filter(jpeg);

        // Then
        assertThat(Images.read(target.resolve("one.png")).getWidth()).isEqualTo(1);
        assertThat(Images.read(target.resolve("one.jpg")).getHeight()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"10", "100", "600"})
    void shouldTellWhatIsCutOffAndLeaveNothingBehind(int bytes) throws IOException {
        // Given
        byte[] whole = Files.readAllBytes(made("cut.png", "png", 64, 64, BufferedImage.TYPE_INT_ARGB));
        Path cut = Files.write(source.resolve("cut.png"), Arrays.copyOf(whole, Math.min(bytes, whole.length / 2)));

        // When / Then
        assertThatThrownBy(() -> files(Filter.blur).filter(cut)).isInstanceOf(IOException.class);
        assertThat(target).isEmptyDirectory();
    }

    @Test
    void shouldTellWhatIsNoImageOrIsNotThere() throws IOException {
        // Given
        Path text = Files.writeString(source.resolve("text.png"), "this is no image");

        // When / Then
        assertThatThrownBy(() -> files(Filter.blur).filter(text)).hasMessage("no image that can be read");
        assertThatThrownBy(() -> files(Filter.blur).filter(source.resolve("gone.png")))
                .hasMessage("no such file");
        assertThatThrownBy(() -> files(Filter.blur).filter(source)).hasMessage("no such file");
    }

    @Test
    void shouldRefuseWhatIsTooLargeBeforeItIsDecoded() throws IOException {
        // Given
        Path file = made("large.png", "png", 100, 101, BufferedImage.TYPE_INT_RGB);

        // When / Then
        assertThatThrownBy(() -> new ImageFiles(target, Filter.blur, 10_000).filter(file))
                .hasMessage("too large: pixels=10100 limit=10000");
    }

    @Test
    void shouldNeverReplaceTheImageItself() throws IOException {
        // Given
        Path file = made("a.png", "png", 4, 4, BufferedImage.TYPE_INT_RGB);

        // When / Then
        assertThatThrownBy(() -> new ImageFiles(source, Filter.blur, 100).filter(file))
                .hasMessage("the result would replace the image itself");
    }

    @Test
    void shouldReplaceAnEarlierResult() throws IOException {
        // Given
        Path file = made("a.png", "png", 4, 4, BufferedImage.TYPE_INT_RGB);
        Files.writeString(target.resolve("a.png"), "earlier");

        // When
        files(Filter.sepia).filter(file);

        // Then
        assertThat(Images.read(target.resolve("a.png")).getWidth()).isEqualTo(4);
        assertThat(target.toFile().list()).containsExactly("a.png");
    }
}
