package dev.recado.security;

import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;
import dev.recado.base.Refusal;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A wish to change users or tokens. Each names what it changes and nothing else, so that no two undo each other. */
public sealed interface UserChange {

    /** A new user. */
    record Add(UserDef user) implements UserChange {
        /** With a password, see {@link PasswordHash}. */
        public Add with(String verifier) {
            return new Add(UserDef.of(user.name(), verifier, user.passwordMs(), user.role()));
        }
    }

    /** The end of a user and its tokens; {@code evenLast}: of the last administrator too. */
    record Remove(String user, boolean evenLast) implements UserChange {}

    /** Another password; see {@link UserDef} on what is kept of it. */
    record SetPassword(String user, String verifier, long setMs) implements UserChange {
        @Override
        public String toString() {
            return "SetPassword[user=" + user + "]";
        }
    }

    /** Another role. */
    record SetRole(String user, UserRole role) implements UserChange {}

    /** More operations for a pattern; nothing where they are there. */
    record AddGrant(String user, Grant grant) implements UserChange {}

    /** Fewer operations for a pattern, which is given as it was granted. */
    record RemoveGrant(String user, Grant grant) implements UserChange {}

    /** A key that lets the user in. */
    record AddKey(String user, String key) implements UserChange {}

    /** A key that lets it in no more. */
    record RemoveKey(String user, String key) implements UserChange {}

    /** A new token. */
    record AddToken(TokenDef token) implements UserChange {}

    /** The end of a token. */
    record RemoveToken(String id) implements UserChange {}

    /** What it is called in the audit, as in {@code user.grant}. */
    default String event() {
        if (this instanceof Add) {
            return "user.add";
        } else if (this instanceof Remove) {
            return "user.remove";
        } else if (this instanceof SetPassword) {
            return "user.passwd";
        } else if (this instanceof SetRole) {
            return "user.role";
        } else if (this instanceof AddGrant) {
            return "user.grant";
        } else if (this instanceof RemoveGrant) {
            return "user.revoke";
        } else if (this instanceof AddKey) {
            return "user.key";
        } else if (this instanceof RemoveKey) {
            return "user.unkey";
        }
        return this instanceof AddToken ? "token.add" : "token.remove";
    }

    /** What it is about, for the audit: no verifier and no digest is in it. */
    default Map<String, String> about() {
        if (this instanceof Add add) {
            return Map.of("target", add.user().name(), "role", add.user().role().word());
        } else if (this instanceof Remove remove) {
            return Map.of("target", remove.user());
        } else if (this instanceof SetPassword set) {
            return Map.of("target", set.user());
        } else if (this instanceof SetRole set) {
            return Map.of("target", set.user(), "role", set.role().word());
        } else if (this instanceof AddGrant add) {
            return Map.of("target", add.user(), "grant", add.grant().text());
        } else if (this instanceof RemoveGrant remove) {
            return Map.of("target", remove.user(), "grant", remove.grant().text());
        } else if (this instanceof AddKey add) {
            return Map.of("target", add.user(), "key", add.key());
        } else if (this instanceof RemoveKey remove) {
            return Map.of("target", remove.user(), "key", remove.key());
        } else if (this instanceof AddToken add) {
            return Map.of(
                    "target",
                    add.token().user(),
                    "token",
                    add.token().id(),
                    "note",
                    add.token().note());
        }
        return this instanceof RemoveToken remove ? Map.of("token", remove.id()) : Map.of();
    }

    /** Writes type and fields; see the format page. */
    default void encode(ByteWriter out) {
        if (this instanceof Add add) {
            add.user().encode(out.put(1));
        } else if (this instanceof Remove remove) {
            out.put(2).putString(remove.user()).put(remove.evenLast() ? 1 : 0);
        } else if (this instanceof SetPassword set) {
            out.put(3).putString(set.user()).putString(set.verifier()).putVarLong(set.setMs());
        } else if (this instanceof SetRole set) {
            out.put(4).putString(set.user()).put(set.role().number());
        } else if (this instanceof AddGrant add) {
            add.grant().encode(out.put(5).putString(add.user()));
        } else if (this instanceof RemoveGrant remove) {
            remove.grant().encode(out.put(6).putString(remove.user()));
        } else if (this instanceof AddKey add) {
            out.put(7).putString(add.user()).putString(add.key());
        } else if (this instanceof RemoveKey remove) {
            out.put(8).putString(remove.user()).putString(remove.key());
        } else if (this instanceof AddToken add) {
            add.token().encode(out.put(9));
        } else if (this instanceof RemoveToken remove) {
            out.put(10).putString(remove.id());
        }
    }

    /** What {@link #encode} wrote, or null; whether the reader failed is for the caller to see. */
    static @Nullable UserChange decode(ByteReader in) {
        return switch (in.readByte()) {
            case 1 -> new Add(UserDef.decode(in));
            case 2 -> new Remove(in.readString(), in.readByte() == 1);
            case 3 -> new SetPassword(in.readString(), in.readString(), in.readVarLong());
            case 4 -> new SetRole(in.readString(), UserRole.stored(in.readByte()));
            case 5 -> new AddGrant(in.readString(), Grant.decode(in));
            case 6 -> new RemoveGrant(in.readString(), Grant.decode(in));
            case 7 -> new AddKey(in.readString(), in.readString());
            case 8 -> new RemoveKey(in.readString(), in.readString());
            case 9 -> new AddToken(TokenDef.decode(in));
            case 10 -> new RemoveToken(in.readString());
            default -> null;
        };
    }

    /** What came of one. */
    sealed interface Result {
        /** It is granted; {@code users} is the same object where it changed nothing. */
        record Granted(Users users) implements Result {}

        /** It is refused. */
        record Refused(Refusal why) implements Result {}
    }
}
