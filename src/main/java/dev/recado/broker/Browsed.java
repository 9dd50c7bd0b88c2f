package dev.recado.broker;

import dev.recado.core.message.StoredRun;

/** One stored message as browsing shows it; read it with {@link dev.recado.core.message.MessageView}. */
public record Browsed(int partitionIndex, long offset, StoredRun run, int position) {}
