package dev.recado.apps.divide;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/** Image files made for a test. */
final class Images {

    private Images() {}

    static {
        System.setProperty("java.awt.headless", "true");
    }

    /** A picture with soft colours; its left half is transparent where {@code type} can be. */
    static BufferedImage picture(int width, int height, int type) {
        BufferedImage image = new BufferedImage(width, height, type);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int alpha = x < width / 2 ? 0x40 : 0xff;
                image.setRGB(x, y, alpha << 24 | (x * 255 / width) << 16 | (y * 255 / height) << 8 | 0x60);
            }
        }
        return image;
    }

    static Path write(Path file, String format, BufferedImage image) throws IOException {
        if (!ImageIO.write(image, format, file.toFile())) {
            throw new IOException("cannot write " + format);
        }
        return file;
    }

    static BufferedImage read(Path file) throws IOException {
        BufferedImage image = ImageIO.read(file.toFile());
        if (image == null) {
            throw new IOException("no image: " + file);
        }
        return image;
    }
}
