package dev.recado.apps.messaging.server;

/**
 * When something happens.
 *
 * @param ms a clock that never steps, in milliseconds
 * @param wallMs the machine's wall clock, in milliseconds since 1970
 */
public record ServerMoment(long ms, long wallMs) {}
