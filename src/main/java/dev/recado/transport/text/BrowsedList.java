package dev.recado.transport.text;

import dev.recado.core.message.Browsed;
import dev.recado.core.message.Headers;
import dev.recado.core.message.MessageLayout;
import dev.recado.core.message.MessageView;
import dev.recado.core.message.StoredRun;
import dev.recado.core.topic.Topic;
import dev.recado.transport.SlicedOutput;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The answer to BROWSE: one JSON object a line, ended by a line {@code .}, made from the stored messages as the socket
 * takes it. A payload that is UTF-8 is shown as {@code payload}, any other in Base64 as {@code payload64}. One
 * session's.
 */
final class BrowsedList implements Iterator<SlicedOutput> {

    /** A message is copied out of an array that is so many times longer: it is not to be kept for that. */
    private static final int ARRAY_TIMES_MAX = 4;
    /** What all messages but the last may hold. */
    static final long SMALL_BYTES_MAX = ARRAY_TIMES_MAX * 1024 * 1024L;

    private final List<Shown> messages;
    private final Set<byte[]> arrays;
    private final MessageView view = new MessageView();
    private int next;

    /** {@code run} is kept with its array, so that another reader finds it; of a message that was copied it is null. */
    private record Shown(String id, long timeMs, @Nullable StoredRun run, byte[] bytes, int at) {}

    private BrowsedList(List<Shown> messages, Set<byte[]> arrays) {
        this.messages = messages;
        this.arrays = arrays;
    }

    /** Of what was found, at most 1,000 messages and 1 MiB, the last of them whole. */
    static BrowsedList of(Topic topic, List<Browsed> found) {
        List<Shown> shown = new ArrayList<>(found.size());
        Set<byte[]> arrays = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Browsed message : found) {
            StoredRun run = message.run();
            byte[] bytes = run.bytes();
            int at = message.position();
            int length = MessageLayout.length(bytes, at);
            boolean isCopied = bytes.length / ARRAY_TIMES_MAX > length;
            if (isCopied) {
                bytes = Arrays.copyOfRange(bytes, at, at + length);
                at = 0;
            }
            arrays.add(bytes);
            String id = MessageIdText.text(topic.partitionCount(), message.partitionIndex(), message.offset());
            shown.add(new Shown(id, run.publishTimeMs(), isCopied ? null : run, bytes, at));
        }
        return new BrowsedList(shown, arrays);
    }

    /** What it is made from. */
    Set<byte[]> arrays() {
        return arrays;
    }

    LargeAnswer answer(Runnable onEnd) {
        long held = 0;
        for (byte[] array : arrays) {
            held += array.length;
        }
        return new LargeAnswer(SlicedOutput.sequence(this), held, onEnd);
    }

    @Override
    public boolean hasNext() {
        return next <= messages.size();
    }

    @Override
    public SlicedOutput next() {
        int index = next++;
        if (index == messages.size()) {
            return SlicedOutput.text(".\n");
        }
        Shown message = messages.get(index);
        return view.read(message.bytes, message.at) ? line(message) : SlicedOutput.text("");
    }

    private SlicedOutput line(Shown message) {
        JsonLine json = new JsonLine().put("id", message.id).put("time", message.timeMs);
        List<SlicedOutput> parts = new ArrayList<>(5);
        if (view.keyLength > 0) {
            parts.add(SlicedOutput.text(json.open("key", '"')));
            parts.add(TextSlices.jsonOfAny(view.bytes, view.keyStart, view.keyLength));
            json.close('"');
        }
        if (view.headersLength > 0) {
            json.put("headers", Headers.toMap(view.bytes, view.headersStart, view.headersLength));
        }
        json.put("bytes", view.payloadLength);
        boolean isText = TextSlices.isUtf8(view.bytes, view.payloadStart, view.payloadLength);
        parts.add(SlicedOutput.text(json.open(isText ? "payload" : "payload64", '"')));
        parts.add(
                isText
                        ? TextSlices.json(view.bytes, view.payloadStart, view.payloadLength)
                        : TextSlices.base64(view.bytes, view.payloadStart, view.payloadLength));
        parts.add(SlicedOutput.text(json.close('"').end() + '\n'));
        return SlicedOutput.sequence(parts.iterator());
    }
}
