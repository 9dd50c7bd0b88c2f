package dev.recado.broker;

/** What is done with a tap that has more than {@code tapBytesMax} waiting for its socket. */
public enum SlowTap {
    /** Publishing is held up; after {@code tapBlockMs} without progress what waits is dropped and counted. */
    BLOCK,
    /** What comes on top is dropped at once and counted; nobody waits for it. */
    DROP
}
