package dev.recado.transport;

import dev.recado.broker.Figure;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What the listeners of all protocols share on one node. Safe for use by any thread.
 *
 * @param loops event loops on each of which a listener accepts, at least 1
 * @param connections how many there may be
 * @param assembly memory for large messages that come in pieces
 * @param sockets what the sockets of each loop may hold of output
 * @param figures takes figures of listeners, which are shown among those of the node; asked for by any thread
 */
public record SharedByListeners(
        int loops,
        ConnectionCount connections,
        ByteBudget assembly,
        LoopSockets sockets,
        Consumer<Supplier<Figure>> figures) {}
