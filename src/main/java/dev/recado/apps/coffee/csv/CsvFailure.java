package dev.recado.apps.coffee.csv;

import java.io.IOException;
import java.nio.file.Path;

/** A file that is not what it should be; the message begins with file and line. */
public final class CsvFailure extends IOException {

    private static final long serialVersionUID = 1;

    CsvFailure(Path file, long line, String wrong) {
        super(file + ":" + line + ": " + wrong);
    }
}
