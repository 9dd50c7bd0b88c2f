package dev.recado.apps.divide;

/** The slope of the brightness at each pixel, by the operator of Sobel. */
final class Edges {

    private Edges() {}

    static Pixels apply(Pixels image) {
        Pixels bright = brightness(image);
        int[] edges = new int[image.argb().length];
        for (int y = 0, i = 0; y < image.height(); y++) {
            for (int x = 0; x < image.width(); x++, i++) {
                int slope = slope(bright, x, y);
                edges[i] = Pixels.pixel(Pixels.alpha(image.argb()[i]), slope, slope, slope);
            }
        }
        return new Pixels(image.width(), image.height(), edges);
    }

    /** Numbers from 0 to 255 in place of pixels; what is transparent is dark. */
    private static Pixels brightness(Pixels image) {
        int[] bright = new int[image.argb().length];
        for (int i = 0; i < bright.length; i++) {
            int pixel = image.argb()[i];
            bright[i] = Pixels.brightness(pixel) * Pixels.alpha(pixel) / 255;
        }
        return new Pixels(image.width(), image.height(), bright);
    }

    private static int slope(Pixels bright, int x, int y) {
        int across = column(bright, x + 1, y) - column(bright, x - 1, y);
        int down = row(bright, x, y + 1) - row(bright, x, y - 1);
        return (int) Math.round(Math.hypot(across, down));
    }

    private static int column(Pixels bright, int x, int y) {
        return bright.at(x, y - 1) + 2 * bright.at(x, y) + bright.at(x, y + 1);
    }

    private static int row(Pixels bright, int x, int y) {
        return bright.at(x - 1, y) + 2 * bright.at(x, y) + bright.at(x + 1, y);
    }
}
