package dev.recado.apps.divide;

import java.util.function.IntUnaryOperator;

/** What a worker does to an image. Named as on the command line. All keep the size; alpha changes in a blur only. */
enum Filter {
    /** Brightness only. */
    grayscale {
        @Override
        Pixels apply(Pixels image) {
            return each(image, pixel -> {
                int gray = Pixels.brightness(pixel);
                return Pixels.pixel(Pixels.alpha(pixel), gray, gray, gray);
            });
        }
    },
    /** Each pixel becomes the mean of the 5 × 5 around it. */
    blur {
        @Override
        Pixels apply(Pixels image) {
            return Blur.apply(image);
        }
    },
    /** How much the brightness changes at each pixel: bright lines on black. */
    edges {
        @Override
        Pixels apply(Pixels image) {
            return Edges.apply(image);
        }
    },
    /** The negative. */
    invert {
        @Override
        Pixels apply(Pixels image) {
            return each(image, pixel -> pixel ^ 0x00ff_ffff);
        }
    },
    /** As an old photograph. */
    sepia {
        @Override
        Pixels apply(Pixels image) {
            return each(image, pixel -> {
                int gray = Pixels.brightness(pixel);
                return Pixels.pixel(Pixels.alpha(pixel), gray * 112 / 100 + 12, gray, gray * 82 / 100 - 6);
            });
        }
    };

    /** The image filtered; may write into the given one, which is not to be used any more. */
    abstract Pixels apply(Pixels image);

    private static Pixels each(Pixels image, IntUnaryOperator change) {
        int[] argb = image.argb();
        for (int i = 0; i < argb.length; i++) {
            argb[i] = change.applyAsInt(argb[i]);
        }
        return image;
    }
}
