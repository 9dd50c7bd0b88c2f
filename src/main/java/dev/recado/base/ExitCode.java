package dev.recado.base;

/** What the process answers to its shell, whichever command ran; the page on operations lists them. */
public final class ExitCode {

    /** Done. */
    public static final int DONE = 0;

    /** Failed at work. */
    public static final int FAILED = 1;

    /** Called wrongly: nothing was touched, and trying again does not help. */
    public static final int USAGE = 2;

    /** The broker cannot be reached. */
    public static final int UNREACHABLE = 3;

    private ExitCode() {}
}
