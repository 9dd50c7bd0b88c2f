package dev.recado.core.message;

/** An entry of the log whose checksum is right and whose content does not hold together. */
public final class UnsoundEntryException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param detail what does not hold together; file and byte are added by who reads the journal */
    public UnsoundEntryException(String detail) {
        super(detail);
    }
}
