package dev.recado.transport;

/**
 * What the listeners of all protocols share on one node. Safe for use by any thread.
 *
 * @param loops event loops on each of which a listener accepts, at least 1
 * @param connections how many there may be
 * @param assembly memory for large messages that come in pieces
 * @param sockets what the sockets of each loop may hold of output
 */
public record SharedByListeners(int loops, ConnectionCount connections, ByteBudget assembly, LoopSockets sockets) {}
