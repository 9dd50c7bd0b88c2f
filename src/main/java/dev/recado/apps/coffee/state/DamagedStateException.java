package dev.recado.apps.coffee.state;

import java.io.IOException;
import java.nio.file.Path;

/** A file of the state that no crash explains: what it said was durable is not there, or not as it was written. */
public final class DamagedStateException extends IOException {

    private static final long serialVersionUID = 1;

    DamagedStateException(Path file, String wrong) {
        super(file + ": " + wrong);
    }
}
