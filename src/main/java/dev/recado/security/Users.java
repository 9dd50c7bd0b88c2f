package dev.recado.security;

import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;
import dev.recado.base.PersistentMap;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All users and tokens at one moment: a part of the catalog. Immutable, read by every thread. What may become of them
 * is judged by {@link UserRules}.
 */
public final class Users {

    public static final int USERS_MAX = 10_000;
    public static final int TOKENS_MAX = 10_000;

    /** Nobody. */
    public static final Users NONE = new Users(PersistentMap.empty(), PersistentMap.empty(), PersistentMap.empty());

    final PersistentMap<String, UserDef> byName;
    final PersistentMap<String, TokenDef> tokens;
    /** The user of each key. */
    final PersistentMap<String, String> keyOwners;
    /** Tokens that end by themselves. */
    private final int expiring;

    Users(
            PersistentMap<String, UserDef> byName,
            PersistentMap<String, TokenDef> tokens,
            PersistentMap<String, String> keyOwners) {
        this.byName = byName;
        this.tokens = tokens;
        this.keyOwners = keyOwners;
        int count = 0;
        for (TokenDef token : tokens.values()) {
            count += token.untilMs() == 0 ? 0 : 1;
        }
        expiring = count;
    }

    /** Whether there is no user: the broker is open to its own machine. */
    public boolean isEmpty() {
        return byName.isEmpty();
    }

    /** How many users there are. */
    public int count() {
        return byName.size();
    }

    public @Nullable UserDef user(String name) {
        return byName.get(name);
    }

    /** A new list of all users by name; costs a sort. */
    public List<UserDef> users() {
        List<UserDef> sorted = byName.values();
        sorted.sort(Comparator.comparing(UserDef::name));
        return sorted;
    }

    /** A new list of all tokens by user and id; costs a sort. */
    public List<TokenDef> tokens() {
        List<TokenDef> sorted = tokens.values();
        sorted.sort(Comparator.comparing(TokenDef::user).thenComparing(TokenDef::id));
        return sorted;
    }

    /** What comes of a change. */
    public UserChange.Result apply(UserChange change) {
        return new UserRules(this).apply(change);
    }

    /** Whether some token ends by itself. */
    public boolean hasExpiringTokens() {
        return expiring > 0;
    }

    // --- who somebody is

    /** Who logs in by a password that fits the user's verifier. */
    Identity byPassword(UserDef user) {
        return new Identity(user.name(), user.rights(), Credential.password(user));
    }

    /** Who shows a token, or null where it is none, ended or expired. */
    @Nullable
    Identity byToken(byte[] text, long nowMs) {
        Tokens.Shown shown = Tokens.read(text);
        TokenDef token = shown == null ? null : tokens.get(shown.id());
        if (shown == null || token == null || token.isExpired(nowMs)) {
            return null;
        }
        boolean fits = MessageDigest.isEqual(
                token.digest().getBytes(StandardCharsets.US_ASCII),
                shown.digest().getBytes(StandardCharsets.US_ASCII));
        return fits ? ofToken(token) : null;
    }

    private @Nullable Identity ofToken(TokenDef token) {
        UserDef user = byName.get(token.user());
        if (user == null) {
            return null;
        }
        Rights rights = token.scope().isEmpty() ? user.rights() : user.rights().and(new Rights(token.scope()));
        return new Identity(user.name(), rights, Credential.token(token));
    }

    /** Who has proven to hold the secret of a key in Z85; null where it is no user's. */
    public @Nullable Identity byKey(String key) {
        return named(keyOwners.get(key), Credential.Kind.KEY, key);
    }

    /** Who comes by a certificate that names a user; null where it names none. */
    public @Nullable Identity byCertificate(String name) {
        return named(name, Credential.Kind.CERTIFICATE, name);
    }

    /** Who does not log in at a listener that takes such for {@code name}; null for an administrator. */
    public @Nullable Identity byListener(String name) {
        UserDef user = byName.get(name);
        return user == null
                        || user.role() == UserRole.ADMINISTRATOR
                        || user.rights().isAll()
                ? null
                : named(name, Credential.Kind.LISTENER, name);
    }

    private @Nullable Identity named(@Nullable String name, Credential.Kind kind, String id) {
        UserDef user = name == null ? null : byName.get(name);
        return user == null ? null : new Identity(user.name(), user.rights(), new Credential(kind, id, 0));
    }

    /** Who somebody is now who came earlier, with the rights of now; null where what let it in does so no more. */
    public @Nullable Identity renewed(Identity known, long nowMs) {
        Credential by = known.credential();
        return switch (by.kind()) {
            case NONE -> known;
            case NO_USERS -> isEmpty() ? known : null;
            case LISTED_KEY -> known;
            case PASSWORD -> {
                UserDef user = byName.get(known.user());
                yield user != null && Credential.password(user).equals(by) ? byPassword(user) : null;
            }
            case TOKEN -> {
                TokenDef token = tokens.get(by.id());
                yield token == null || token.isExpired(nowMs) || !token.user().equals(known.user())
                        ? null
                        : ofToken(token);
            }
            case KEY -> byKey(by.id());
            case CERTIFICATE -> byCertificate(by.id());
            case LISTENER -> byListener(by.id());
        };
    }

    // --- stored

    /** Writes everything in a canonical order; see the format page. */
    public void encode(ByteWriter out) {
        out.putVarLong(byName.size());
        users().forEach(user -> user.encode(out));
        out.putVarLong(tokens.size());
        tokens().forEach(token -> token.encode(out));
    }

    /** What {@link #encode} wrote; whether the reader failed is for the caller to see. */
    public static Users decode(ByteReader in) {
        PersistentMap<String, UserDef> users = PersistentMap.empty();
        PersistentMap<String, String> owners = PersistentMap.empty();
        for (int left = in.readVarInt(in.remaining()); left > 0 && !in.failed(); left--) {
            UserDef user = UserDef.decode(in);
            users = users.put(user.name(), user);
            for (String key : user.keys()) {
                owners = owners.put(key, user.name());
            }
        }
        PersistentMap<String, TokenDef> tokens = PersistentMap.empty();
        for (int left = in.readVarInt(in.remaining()); left > 0 && !in.failed(); left--) {
            TokenDef token = TokenDef.decode(in);
            tokens = tokens.put(token.id(), token);
        }
        return new Users(users, tokens, owners);
    }
}
