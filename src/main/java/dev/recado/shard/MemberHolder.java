package dev.recado.shard;

/**
 * Whose a member of a group is.
 *
 * @param session number of the session on its node
 * @param consumer id of a consumer that asks for each message; empty for others
 */
public record MemberHolder(long session, String consumer) {}
