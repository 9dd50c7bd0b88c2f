package dev.recado.journal;

/**
 * Port to the reason of a failed call: what a small write in the same directory meets now. The text of a failure tells
 * nobody but its reader, for it is in the user's language.
 */
@FunctionalInterface
public interface FailureProbe {

    /** Bytes of the trial: more than what a file system may have left in the file's last block. */
    int TRIAL_BYTES = 64 * 1024;

    /** Name of the file that a trial writes and removes. */
    String TRIAL_NAME = "trial.tmp";

    /**
     * Tries a small write. Any thread; as slow as a write to that disk.
     *
     * @param directory full path of where the failed call wanted something; it exists
     * @return {@code FULL}, {@code NO_FILES} or {@code FAILED} where the trial met that, otherwise {@code UNCLEAR}
     */
    StorageException.Kind tryIn(String directory);
}
