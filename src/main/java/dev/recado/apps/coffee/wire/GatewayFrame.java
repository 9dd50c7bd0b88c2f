package dev.recado.apps.coffee.wire;

import dev.recado.apps.coffee.data.CoffeeTable;
import java.util.List;
import java.util.UUID;

/** What client and gateway say to each other. */
public sealed interface GatewayFrame {

    /**
     * Client: the first frame.
     *
     * @param session made by the client, the same when it comes back
     * @param isResumed whether the session should be there already
     */
    record Hello(UUID session, boolean isResumed) implements GatewayFrame {}

    /** Client: rows, or the end of a table as a batch without rows. */
    record Rows(Batch batch) implements GatewayFrame {}

    /** Client: it has the answer on its disk, the session may go. */
    record Fetched() implements GatewayFrame {}

    /** Client: it will not come back, since its files are wrong; the session need not wait for it. */
    record Left() implements GatewayFrame {}

    /** Gateway: the session is open; how far each table is. */
    record Welcome(List<Position> positions) implements GatewayFrame {}

    /** Gateway: it will not, and closes the connection. */
    record Refused(RefusalCode code, String text) implements GatewayFrame {}

    /** Gateway: what it has in durable queues of this table, and so never asks for again. */
    record Taken(Position position) implements GatewayFrame {}

    /** Gateway: a sign of life while the client waits; how many of the answers' tables are there. */
    record Progress(int tablesDone) implements GatewayFrame {}

    /** Gateway: the next bytes of the answer, which is one JSON document. */
    record ResultSlice(byte[] bytes) implements GatewayFrame {}

    /** Gateway: the answer's end, with its length in bytes and its CRC-32C. */
    record ResultEnd(long length, int crc) implements GatewayFrame {}

    /**
     * How far a table of a session is.
     *
     * @param batches accepted; the next one has this number
     * @param rows in them
     * @param isEnded whether its end was accepted too
     */
    record Position(CoffeeTable table, long batches, long rows, boolean isEnded) {}

    /** Why a client is refused. */
    enum RefusalCode {
        /** As many sessions are open as may be; later there may be room. */
        FULL(1),
        /** The session to resume is not there, or over. */
        UNKNOWN_SESSION(2),
        /** The session has a client that is connected. */
        IN_USE(3),
        /** Rows or frames that are not what they should be; trying again does not help. */
        INVALID(4),
        /** The gateway stops or has lost its broker; trying again helps. */
        UNAVAILABLE(5);

        private final int number;

        RefusalCode(int number) {
            this.number = number;
        }

        int number() {
            return number;
        }
    }
}
