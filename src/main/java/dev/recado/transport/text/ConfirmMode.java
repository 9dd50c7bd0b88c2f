package dev.recado.transport.text;

/** How publishes are answered. */
enum ConfirmMode {
    /** One answer for each. */
    EACH,
    /** One answer for consecutive ids in one partition. */
    RANGE,
    /** Errors only. */
    NONE
}
