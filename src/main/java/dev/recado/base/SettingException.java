package dev.recado.base;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What a setting names is not there, not readable or not what it should be: as wrong as a wrong value, though only the
 * world could tell. The process ends with {@link ExitCode#USAGE}: a start anew would find the same.
 */
public final class SettingException extends IOException {

    private static final long serialVersionUID = 1L;

    /** {@code message} names the setting and says what is wrong with it; one line for a person. */
    public SettingException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
