package dev.recado.apps.divide;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FilterTest {

    private static final int WHITE = 0xffff_ffff;
    private static final int BLACK = 0xff00_0000;

    private static int[] apply(Filter filter, int width, int... argb) {
        return filter.apply(new Pixels(width, argb.length / width, argb)).argb();
    }

    private static int[] filled(int count, int pixel) {
        int[] argb = new int[count];
        Arrays.fill(argb, pixel);
        return argb;
    }

    @Test
    void shouldTurnColoursIntoTheirBrightness() {
        assertThat(apply(Filter.grayscale, 5, 0xffff_0000, 0xff00_ff00, 0xff00_00ff, WHITE, 0x8000_0000))
                .containsExactly(0xff4c_4c4c, 0xff96_9696, 0xff1d_1d1d, WHITE, 0x8000_0000);
    }

    @Test
    void shouldInvertColoursAndKeepAlpha() {
        assertThat(apply(Filter.invert, 3, 0xff12_3456, 0x00ff_ffff, WHITE))
                .containsExactly(0xffed_cba9, 0x0000_0000, BLACK);
    }

    @Test
    void shouldBeItselfWhenInvertedTwice() {
        // Given
        int[] pixels = new Random(3).ints(64).toArray();

        // When
        int[] twice = apply(Filter.invert, 8, apply(Filter.invert, 8, pixels.clone()));

        // Then
        assertThat(twice).containsExactly(pixels);
    }

    @Test
    void shouldWarmGraysInSepia() {
        // When
        int pixel = apply(Filter.sepia, 1, 0x4080_8080)[0];

        // Then
        assertThat(Pixels.alpha(pixel)).isEqualTo(0x40);
        assertThat(Pixels.red(pixel)).isGreaterThan(Pixels.green(pixel));
        assertThat(Pixels.green(pixel)).isGreaterThan(Pixels.blue(pixel));
    }

    @Test
    void shouldClampSepia() {
        assertThat(apply(Filter.sepia, 2, WHITE, BLACK)).containsExactly(0xffff_ffcb, 0xff0c_0000);
    }

    @Test
    void shouldKeepAnEvenAreaWhenItBlurs() {
        assertThat(apply(Filter.blur, 7, filled(49, 0xff12_3456))).containsOnly(0xff12_3456);
    }

    @Test
    void shouldSpreadOnePointOverItsNeighbours() {
        // Given
        int[] argb = filled(81, BLACK);
        argb[40] = WHITE;

        // When
        int[] blurred = apply(Filter.blur, 9, argb);

        // Then
        assertThat(Arrays.stream(blurred).filter(pixel -> pixel == 0xff0a_0a0a)).hasSize(25);
        assertThat(Arrays.stream(blurred).filter(pixel -> pixel == BLACK)).hasSize(56);
    }

    @Test
    void shouldNotBlurInvisibleColoursIntoVisibleOnes() {
        // Given
        int[] argb = filled(25, 0x00ff_0000);
        argb[12] = 0xff00_00ff;

        // When
        int[] blurred = apply(Filter.blur, 5, argb);

        // Then
        assertThat(blurred[12]).isEqualTo(0x0a00_00ff);
    }

    @Test
    void shouldFindTheEdgeAndNothingElse() {
        // Given
        int[] argb = filled(48, BLACK);
        for (int i = 0; i < argb.length; i++) {
            argb[i] = i % 8 < 4 ? BLACK : WHITE;
        }

        // When
        int[] edges = apply(Filter.edges, 8, argb);

        // Then
        for (int i = 0; i < edges.length; i++) {
            boolean isBorder = i % 8 == 3 || i % 8 == 4;
            assertThat(edges[i]).as("pixel %d", i).isEqualTo(isBorder ? WHITE : BLACK);
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldTakeTheSmallestImages(Filter filter) {
        assertThat(apply(filter, 1, 0xff80_8080)).hasSize(1);
        assertThat(apply(filter, 2, 0xff80_8080, 0x0080_8080)).hasSize(2);
        assertThat(apply(filter, 1, 0xff80_8080, 0x0080_8080, WHITE)).hasSize(3);
    }

    @ParameterizedTest
    @EnumSource
    void shouldKeepWhatIsOpaqueOpaque(Filter filter) {
        // Given
        int[] pixels = new Random(5).ints(20 * 15).map(pixel -> pixel | BLACK).toArray();

        // When
        int[] filtered = apply(filter, 20, pixels);

        // Then
        assertThat(Arrays.stream(filtered)).hasSize(300).allMatch(pixel -> Pixels.alpha(pixel) == 255);
    }
}
