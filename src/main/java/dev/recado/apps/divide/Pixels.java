package dev.recado.apps.divide;

import dev.recado.base.Check;

/**
 * An image as numbers, row by row: {@code 0xAARRGGBB}, the colours not multiplied by the alpha.
 *
 * @param argb one number a pixel; belongs to the image, filters may write into it
 */
record Pixels(int width, int height, int[] argb) {

    Pixels {
        Check.that(width > 0 && height > 0, "an image without pixels", width, height);
        Check.that(argb.length == width * height, "not one number a pixel", argb.length, (long) width * height);
    }

    /** The pixel there; beyond a border the nearest one of the image. */
    int at(int x, int y) {
        int inX = Math.max(0, Math.min(width - 1, x));
        int inY = Math.max(0, Math.min(height - 1, y));
        return argb[inY * width + inX];
    }

    static int alpha(int pixel) {
        return pixel >>> 24;
    }

    static int red(int pixel) {
        return pixel >> 16 & 0xff;
    }

    static int green(int pixel) {
        return pixel >> 8 & 0xff;
    }

    static int blue(int pixel) {
        return pixel & 0xff;
    }

    /** A pixel of these channels; colours beyond 0 to 255 become the nearest of these. */
    static int pixel(int alpha, int red, int green, int blue) {
        return alpha << 24 | clamp(red) << 16 | clamp(green) << 8 | clamp(blue);
    }

    /** Brightness as the eye sees it, 0 to 255, by the weights of ITU-R BT.601. */
    static int brightness(int pixel) {
        return (299 * red(pixel) + 587 * green(pixel) + 114 * blue(pixel) + 500) / 1000;
    }

    private static int clamp(int channel) {
        return Math.max(0, Math.min(255, channel));
    }
}
