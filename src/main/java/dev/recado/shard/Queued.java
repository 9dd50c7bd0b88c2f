package dev.recado.shard;

/** What waits for its turn in a shard: a run, a command, or what a part of the shard has to do behind these. */
interface Queued {}
