package dev.recado.apps.divide;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * One image to filter. On the wire {@code [path][batch]}; the second frame may be left out. One empty frame is no task
 * but the end of the work for whoever receives it.
 *
 * @param path of the image, absolute
 * @param batch of which master's run the task is; empty where the sender gave none
 */
record Task(String path, String batch) {

    /** Whether a message says that there is no more work. */
    static boolean isEnd(List<byte[]> frames) {
        return frames.size() == 1 && frames.get(0).length == 0;
    }

    static byte[] end() {
        return new byte[0];
    }

    /** The task in a message that is no end. */
    static Task of(List<byte[]> frames) {
        return new Task(text(frames.get(0)), frames.size() > 1 ? text(frames.get(1)) : "");
    }

    byte[][] frames() {
        return new byte[][] {path.getBytes(StandardCharsets.UTF_8), batch.getBytes(StandardCharsets.UTF_8)};
    }

    private static String text(byte[] frame) {
        return new String(frame, StandardCharsets.UTF_8);
    }
}
