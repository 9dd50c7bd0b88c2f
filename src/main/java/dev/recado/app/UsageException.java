package dev.recado.app;

import dev.recado.base.ExitCode;

/** A command was called wrongly in a way that only the world can tell: {@link ExitCode#USAGE}, nothing was touched. */
final class UsageException extends Exception {

    private static final long serialVersionUID = 1L;

    /** {@code message} says what is wrong, why, and what to do; one line for a person. */
    UsageException(String message) {
        super(message);
    }
}
