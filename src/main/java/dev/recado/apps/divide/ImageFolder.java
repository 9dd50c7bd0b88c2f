package dev.recado.apps.divide;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The images of one folder, without those of the folders in it.
 *
 * @param folder absolute
 * @param names of the files, in their order, since that in which a directory lists them is nobody's
 */
record ImageFolder(Path folder, List<String> names) {

    private static final int FILES_MAX = 1_000_000;

    /**
     * All files whose names end as those of images do; hidden ones are left out.
     *
     * @throws IOException if the folder cannot be read, or holds more than a million images
     */
    static ImageFolder list(Path folder) throws IOException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, ImageFolder::isImage)) {
            for (Path entry : entries) {
                if (names.size() == FILES_MAX) {
                    throw new IOException("more than " + FILES_MAX + " images in " + folder);
                }
                names.add(String.valueOf(entry.getFileName()));
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        Collections.sort(names);
        return new ImageFolder(folder.toAbsolutePath().normalize(), names);
    }

    private static boolean isImage(Path entry) {
        String name = String.valueOf(entry.getFileName());
        return !name.startsWith(".") && ImageFormat.isImage(name) && Files.isRegularFile(entry);
    }
}
