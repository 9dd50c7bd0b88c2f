package dev.recado.apps.divide;

/**
 * The mean over a square around each pixel. Colours count by their alpha, so that what is transparent, whatever its
 * invisible colour, does not stain its neighbours.
 */
final class Blur {

    private static final int RADIUS = 2;
    private static final int SIDE = 2 * RADIUS + 1;

    private Blur() {}

    static Pixels apply(Pixels image) {
        int[] blurred = new int[image.argb().length];
        for (int y = 0, i = 0; y < image.height(); y++) {
            for (int x = 0; x < image.width(); x++, i++) {
                blurred[i] = mean(image, x, y);
            }
        }
        return new Pixels(image.width(), image.height(), blurred);
    }

    private static int mean(Pixels image, int x, int y) {
        int alphas = 0;
        int reds = 0;
        int greens = 0;
        int blues = 0;
        for (int dy = -RADIUS; dy <= RADIUS; dy++) {
            for (int dx = -RADIUS; dx <= RADIUS; dx++) {
                int pixel = image.at(x + dx, y + dy);
                int alpha = Pixels.alpha(pixel);
                alphas += alpha;
                reds += alpha * Pixels.red(pixel);
                greens += alpha * Pixels.green(pixel);
                blues += alpha * Pixels.blue(pixel);
            }
        }
        if (alphas == 0) {
            return 0;
        }
        int half = alphas / 2;
        int pixels = SIDE * SIDE;
        return Pixels.pixel(
                (alphas + pixels / 2) / pixels,
                (reds + half) / alphas,
                (greens + half) / alphas,
                (blues + half) / alphas);
    }
}
