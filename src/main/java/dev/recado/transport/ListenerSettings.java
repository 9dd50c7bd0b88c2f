package dev.recado.transport;

/**
 * Where and how a listener accepts.
 *
 * @param port 0 picks a free one
 * @param acceptBacklog connections that may wait to be accepted
 */
public record ListenerSettings(String host, int port, int acceptBacklog) {}
