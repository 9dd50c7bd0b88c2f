package dev.recado.broker;

/**
 * Links that belong together, as those of one connection do: what is exclusive to one of them is to all, and ends when
 * the last of them is closed. Compared by identity.
 */
public final class Party {}
