package dev.recado.core.message;

/** One stored message as browsing shows it; read it with {@link dev.recado.core.message.MessageView}. */
public record Browsed(int partitionIndex, long offset, StoredRun run, int position) {}
