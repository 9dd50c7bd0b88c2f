package dev.recado.load.text;

/** What a broker says: one of these for each thing that it sends. */
sealed interface Frame {

    /** The answer to the oldest command that is not answered yet, without its line end. */
    record Reply(String line) implements Frame {

        boolean isError() {
            return line.startsWith("ERROR");
        }
    }

    /** A line that answers no command: {@code NOTIFY} or {@code END}. */
    record Push(String line) implements Frame {}

    /** A delivery. Key and headers are read over: no simulation looks at them. */
    record Message(int sid, String id, int attempt, byte[] payload) implements Frame {}

    /** The stream cannot be trusted from here on; nothing follows. */
    record Malformed(String why) implements Frame {}
}
