package dev.recado.load.zmtp;

import java.util.List;

/** What a peer says: one of these for each thing that it sends. */
sealed interface Frame {

    /** The peer's greeting, with the version and the mechanism that it announces. */
    record Greeting(int major, String mechanism) implements Frame {}

    /** A command with what follows its name. */
    record Command(String name, byte[] data) implements Frame {}

    /** A message of at least one part. */
    record Message(List<byte[]> parts) implements Frame {

        /** The last part: what a message is about. */
        byte[] payload() {
            return parts.get(parts.size() - 1);
        }
    }

    /** The stream cannot be trusted from here on; nothing follows. */
    record Malformed(String why) implements Frame {}
}
