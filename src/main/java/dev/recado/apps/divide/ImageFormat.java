package dev.recado.apps.divide;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * In which format a filtered image is written.
 *
 * @param name as ImageIO knows it
 * @param hasAlpha whether it can keep transparency
 * @param suffix what is added to the file's name, because its own ending would be wrong
 */
record ImageFormat(String name, boolean hasAlpha, String suffix) {

    /** Which files of a folder are taken for images: by their names, so that the master need not open them. */
    private static final Set<String> ENDINGS = Set.of("png", "jpg", "jpeg", "gif", "bmp", "wbmp", "tif", "tiff");

    private static final ImageFormat OTHER = new ImageFormat("png", true, ".png");

    private static final List<ImageFormat> SAME = List.of(
            new ImageFormat("png", true, ""),
            new ImageFormat("jpeg", false, ""),
            new ImageFormat("gif", true, ""),
            new ImageFormat("bmp", false, ""),
            new ImageFormat("tiff", true, ""));

    /** The format for an image that was read from {@code readName}; PNG for what cannot be written as it was read. */
    static ImageFormat of(String readName) {
        String lower = readName.toLowerCase(Locale.ROOT);
        String wanted = lower.equals("jpg") ? "jpeg" : lower.equals("tif") ? "tiff" : lower;
        return SAME.stream()
                .filter(format -> format.name.equals(wanted))
                .findFirst()
                .orElse(OTHER);
    }

    /** Whether a file of this name is taken for an image. */
    static boolean isImage(String fileName) {
        int dot = fileName.lastIndexOf('.');
        return dot > 0 && ENDINGS.contains(fileName.substring(dot + 1).toLowerCase(Locale.ROOT));
    }
}
