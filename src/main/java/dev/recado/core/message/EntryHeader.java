package dev.recado.core.message;

/**
 * The header of one entry of a shard's log.
 *
 * @param shard number of the shard, 0 to 65,535
 * @param index counts the entries of the shard, from 1
 * @param epoch term of the leader that wrote it, from 1
 * @param previousEpoch epoch of the entry before it, 0 before the first
 * @param lamport logical time of the writing node
 * @param publishTimeMs wall clock in milliseconds, which may fall back from one entry to the next
 * @param logTimeMs time of the shard's log in milliseconds, never decreasing in a shard: what ages count from
 */
public record EntryHeader(
        EntryType type,
        int shard,
        long index,
        long epoch,
        long previousEpoch,
        long lamport,
        long publishTimeMs,
        long logTimeMs) {}
