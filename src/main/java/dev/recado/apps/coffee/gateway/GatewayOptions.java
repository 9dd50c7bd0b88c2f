package dev.recado.apps.coffee.gateway;

import java.nio.file.Path;

/**
 * How a gateway is to work.
 *
 * @param host where it listens
 * @param port 0 for a free one
 * @param sessionsMax how many sessions may be open at once
 * @param reconnectGraceMs how long a session waits for its client before the gateway ends it
 * @param resultsKeepMs how long an answer waits for its client
 * @param state the gateway's directory
 */
public record GatewayOptions(
        String host, int port, int sessionsMax, long reconnectGraceMs, long resultsKeepMs, Path state) {}
