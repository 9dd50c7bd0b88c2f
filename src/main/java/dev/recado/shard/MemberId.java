package dev.recado.shard;

/**
 * Names a member of a group on one partition. Slots are given again, numbers are not: what is said of a member that has
 * left does not reach who sits there now.
 *
 * @param partition number of the partition, not its index in the topic
 * @param group number of the group
 */
public record MemberId(int partition, int group, int slot, long number) {}
