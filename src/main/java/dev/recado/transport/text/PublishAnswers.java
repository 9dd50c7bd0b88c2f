package dev.recado.transport.text;

import dev.recado.base.ByteWriter;
import dev.recado.core.topic.Topic;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Writes the answers to publishes: a line each, or with CONFIRM:RANGE one line for a run of consecutive ids, which is
 * gathered place after place and written when it {@link #endRun ends}. One owner.
 */
final class PublishAnswers {

    private static final byte[] MSG_ID = ascii("OK:MSG_ID:");
    private static final byte[] MSG_IDS = ascii("OK:MSG_IDS:");
    private static final byte[] ROUTED = ascii("OK:ROUTED:");

    /** The run that is gathered, null where none is. */
    private @Nullable Topic runTopic;

    private int runPartition;
    private long runFirst;
    private long runLast;

    private static byte[] ascii(String word) {
        return word.getBytes(StandardCharsets.US_ASCII);
    }

    static void writeRouted(ByteWriter out, Owed owed) {
        out.put(ROUTED).putDecimal(owed.offset).put('\n');
    }

    /**
     * Writes the line of each of its publishes, stored or refused, until {@code out} holds {@code bytesMax}; answers of
     * how many.
     */
    static int writeEach(ByteWriter out, Owed owed, int bytesMax) {
        byte[] line = owed.detail instanceof String text ? text.getBytes(StandardCharsets.UTF_8) : null;
        int written = 0;
        for (; written < owed.count && out.size() < bytesMax; written++) {
            if (line != null) {
                out.put(line);
                if (owed.sequence >= 0) {
                    out.putAscii(" seq=").putDecimal(owed.sequence + written);
                }
            } else {
                out.put(MSG_ID);
                writeId(out, (Topic) owed.detail, owed.partition, owed.offset + written);
            }
            out.put('\n');
        }
        return written;
    }

    /** Takes its ids into the run; writes the one before where they do not go on with it. */
    void extendRun(ByteWriter out, Owed owed) {
        Topic topic = (Topic) owed.detail;
        boolean continues = runTopic != null
                && topic != null
                && runTopic.id() == topic.id()
                && runPartition == owed.partition
                && runLast + 1 == owed.offset;
        if (!continues) {
            endRun(out);
            runTopic = topic;
            runPartition = owed.partition;
            runFirst = owed.offset;
        }
        runLast = owed.offset + owed.count - 1;
    }

    /** Writes the run, if there is one: something else comes next. */
    void endRun(ByteWriter out) {
        Topic topic = runTopic;
        if (topic == null) {
            return;
        }
        if (runFirst == runLast) {
            out.put(MSG_ID);
        } else {
            out.put(MSG_IDS);
            writeId(out, topic, runPartition, runFirst);
            out.put(':');
        }
        writeId(out, topic, runPartition, runLast);
        out.put('\n');
        runTopic = null;
    }

    private static void writeId(ByteWriter out, @Nullable Topic topic, int partitionIndex, long messageOffset) {
        MessageIdText.write(out, topic == null ? 1 : topic.partitionCount(), partitionIndex, messageOffset);
    }
}
