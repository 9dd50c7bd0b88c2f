package dev.recado.apps.messaging.client;

import java.util.List;

/**
 * What a bot does.
 *
 * @param channels at least one
 * @param intervalMs between two messages, in milliseconds
 * @param count how many messages; 0 for no end
 */
public record BotPlan(String user, List<String> channels, long intervalMs, long count) {}
