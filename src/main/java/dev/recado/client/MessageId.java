package dev.recado.client;

/**
 * Where a message is stored: its offset, from 0, in its partition.
 *
 * @param partition index of the partition; -1 where the topic has one only
 */
public record MessageId(int partition, long offset) {

    /** As the protocol writes it: {@code <offset>} or {@code <partition>-<offset>}. */
    @Override
    public String toString() {
        return partition < 0 ? Long.toString(offset) : partition + "-" + offset;
    }
}
