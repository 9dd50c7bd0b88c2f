package dev.recado.security;

import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;
import java.util.List;

/**
 * A token as kept: what a program shows in place of its user's password. Immutable.
 *
 * @param id by which it is listed and ended
 * @param digest SHA-256 of its text, in hexadecimal digits
 * @param untilMs when it ends, milliseconds since 1970; 0 for never
 * @param scope what it narrows its user's rights to; empty, where it does not
 * @param note what it is for
 */
public record TokenDef(
        String id, String user, String digest, long createdMs, long untilMs, List<Grant> scope, String note) {

    public TokenDef {
        scope = List.copyOf(scope);
    }

    /** What it narrows rights to, see {@link Grant#text}. */
    public List<String> scopeTexts() {
        return scope.stream().map(Grant::text).toList();
    }

    boolean isExpired(long nowMs) {
        return untilMs != 0 && nowMs >= untilMs;
    }

    void encode(ByteWriter out) {
        out.putString(id)
                .putString(user)
                .putString(digest)
                .putVarLong(createdMs)
                .putVarLong(untilMs);
        UserDef.putGrants(out, scope);
        out.putString(note);
    }

    static TokenDef decode(ByteReader in) {
        return new TokenDef(
                in.readString(),
                in.readString(),
                in.readString(),
                in.readVarLong(),
                in.readVarLong(),
                UserDef.readGrants(in),
                in.readString());
    }

    /** The digest stays out of logs. */
    @Override
    public String toString() {
        return "token=" + id + " user=" + user + " scope=" + scope;
    }
}
