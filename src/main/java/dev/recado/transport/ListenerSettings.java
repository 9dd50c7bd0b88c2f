package dev.recado.transport;

/**
 * Where and how a listener accepts.
 *
 * @param port 0 picks a free one
 * @param acceptBacklog connections that may wait to be accepted
 * @param instances event loops that serve its connections, at least 1
 */
public record ListenerSettings(String host, int port, int acceptBacklog, int instances) {}
