package dev.recado.apps.divide;

import java.awt.image.BufferedImage;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Iterator;
import java.util.UUID;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.ImageOutputStream;

/** Reads, filters and writes image files with ImageIO. One worker has one. */
final class ImageFiles {

    /** Decoded (8 at most), as numbers, in between, filtered and ready to be written (4 each), and some room. */
    private static final long BYTES_A_PIXEL = 28;

    private static final float JPEG_QUALITY = 0.92f;

    private final Path target;
    private final Filter filter;
    private final long pixelsMax;

    /**
     * Writes into {@code target}, which must exist.
     *
     * @param pixelsMax larger images are refused before they are decoded
     */
    ImageFiles(Path target, Filter filter, long pixelsMax) {
        // No window and no cache files are needed; has no effect once AWT is loaded.
        System.setProperty("java.awt.headless", "true");
        ImageIO.setUseCache(false);
        this.target = target;
        this.filter = filter;
        this.pixelsMax = pixelsMax;
    }

    /** How large an image may be where {@code workers} of a process filter images of that size at once. */
    static long pixelsMax(int workers) {
        long pixels = Runtime.getRuntime().maxMemory() * 3 / 4 / BYTES_A_PIXEL / workers;
        return Math.min(pixels, Integer.MAX_VALUE / 2);
    }

    private record Decoded(BufferedImage image, ImageFormat format) {}

    /**
     * Filters one file and answers how many bytes the result has. The result gets its name once it is complete and
     * replaces an earlier one.
     *
     * @throws IOException if the file cannot be read, is no image that ImageIO understands or is too large, or if the
     *     result cannot be written
     */
    long filter(Path source) throws IOException {
        Path name = source.getFileName();
        if (name == null) {
            throw new IOException("no name of a file");
        }
        Path folder = source.toAbsolutePath().getParent();
        if (folder != null && Files.isDirectory(folder) && Files.isSameFile(folder, target)) {
            throw new IOException("the result would replace the image itself");
        }
        try {
            Decoded decoded = read(source);
            BufferedImage filtered = apply(decoded.image(), decoded.format().hasAlpha());
            return write(filtered, decoded.format(), name + decoded.format().suffix());
        } catch (RuntimeException e) {
            // The decoders of the JDK throw all kinds of these for damaged files.
            throw new IOException("damaged image: " + e, e);
        }
    }

    private Decoded read(Path source) throws IOException {
        if (!Files.isRegularFile(source)) {
            throw new IOException("no such file");
        }
        try (ImageInputStream in = ImageIO.createImageInputStream(source.toFile())) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
            if (!readers.hasNext()) {
                throw new IOException("no image that can be read");
            }
            ImageReader reader = readers.next();
            try {
                reader.setInput(in, true, true);
                long pixels = (long) reader.getWidth(0) * reader.getHeight(0);
                if (pixels > pixelsMax) {
                    throw new IOException("too large: pixels=" + pixels + " limit=" + pixelsMax);
                }
                return new Decoded(reader.read(0), ImageFormat.of(reader.getFormatName()));
            } finally {
                reader.dispose();
            }
        }
    }

    private BufferedImage apply(BufferedImage image, boolean keepAlpha) {
        int width = image.getWidth();
        int height = image.getHeight();
        Pixels filtered = filter.apply(new Pixels(width, height, image.getRGB(0, 0, width, height, null, 0, width)));
        boolean withAlpha = keepAlpha && image.getColorModel().hasAlpha();
        BufferedImage result =
                new BufferedImage(width, height, withAlpha ? BufferedImage.TYPE_INT_ARGB : BufferedImage.TYPE_INT_RGB);
        result.setRGB(0, 0, width, height, filtered.argb(), 0, width);
        return result;
    }

    private long write(BufferedImage image, ImageFormat format, String name) throws IOException {
        Path unfinished = target.resolve("." + UUID.randomUUID() + ".part");
        try {
            try (OutputStream file = new BufferedOutputStream(
                    Files.newOutputStream(unfinished, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE))) {
                encode(image, format, file);
            }
            long bytes = Files.size(unfinished);
            Files.move(
                    unfinished,
                    target.resolve(name),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            return bytes;
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }

    private static void encode(BufferedImage image, ImageFormat format, OutputStream file) throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName(format.name()).next();
        try (ImageOutputStream out = ImageIO.createImageOutputStream(file)) {
            ImageWriteParam how = writer.getDefaultWriteParam();
            if (format.name().equals("jpeg")) {
                how.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
                how.setCompressionQuality(JPEG_QUALITY);
            }
            writer.setOutput(out);
            writer.write(null, new IIOImage(image, null, null), how);
        } finally {
            writer.dispose();
        }
    }
}
