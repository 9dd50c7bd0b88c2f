package dev.recado.transport.text;

import dev.recado.base.ByteWriter;

/** {@code <offset>} where the topic has one partition, else {@code <partition>-<offset>}. */
final class MessageIdText {

    private MessageIdText() {}

    static void write(ByteWriter out, int partitionCount, int partitionIndex, long offset) {
        if (partitionCount > 1) {
            out.putDecimal(partitionIndex).put('-');
        }
        out.putDecimal(offset);
    }

    static String text(int partitionCount, int partitionIndex, long offset) {
        return partitionCount > 1 ? partitionIndex + "-" + offset : Long.toString(offset);
    }

    /** The partition in a field, 0 where it has none, or -1 where that is not one of the topic's. */
    static int partition(TextCommand command, int field, int partitionCount) {
        int dash = command.dash(field);
        if (dash < 0) {
            return partitionCount == 1 ? 0 : -1;
        }
        long index = TextCommand.number(command.bytes, command.fieldStart[field], dash);
        return index < partitionCount ? (int) index : -1;
    }

    /** The offset in a field, or -1 where that is no id. */
    static long offset(TextCommand command, int field) {
        int dash = command.dash(field);
        if (dash >= 0 && TextCommand.number(command.bytes, command.fieldStart[field], dash) < 0) {
            return -1;
        }
        int from = dash < 0 ? command.fieldStart[field] : dash + 1;
        return TextCommand.number(command.bytes, from, command.fieldEnd(field));
    }
}
