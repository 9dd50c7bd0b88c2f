package dev.recado.security;

import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * A user as kept. Immutable.
 *
 * @param verifier of the password, see {@link PasswordHash}; empty where only keys and tokens let the user in
 * @param passwordMs when the password was set, milliseconds since 1970; another one for each password
 * @param grants beside those of the role
 * @param keys public keys of CURVE in Z85, which let the user in
 */
public record UserDef(
        String name, String verifier, long passwordMs, UserRole role, List<Grant> grants, List<String> keys) {

    public static final int GRANTS_MAX = 100;
    public static final int KEYS_MAX = 10;

    public UserDef {
        grants = List.copyOf(grants);
        keys = List.copyOf(keys);
    }

    /** One with a password, or none, and a role. */
    public static UserDef of(String name, String verifier, long passwordMs, UserRole role) {
        return new UserDef(name, verifier, passwordMs, role, List.of(), List.of());
    }

    UserDef withPassword(String newVerifier, long setMs) {
        return new UserDef(name, newVerifier, Math.max(setMs, passwordMs + 1), role, grants, keys);
    }

    UserDef withRole(UserRole newRole) {
        return new UserDef(name, verifier, passwordMs, newRole, grants, keys);
    }

    UserDef withGrants(List<Grant> newGrants) {
        return new UserDef(name, verifier, passwordMs, role, newGrants, keys);
    }

    UserDef withKeys(List<String> newKeys) {
        return new UserDef(name, verifier, passwordMs, role, grants, newKeys);
    }

    public boolean hasPassword() {
        return !verifier.isEmpty();
    }

    /** Whether it can log in and do everything. */
    boolean isAdministrator() {
        return role == UserRole.ADMINISTRATOR && hasPassword();
    }

    /** The grants beside those of the role, see {@link Grant#text}. */
    public List<String> grantTexts() {
        return grants.stream().map(Grant::text).toList();
    }

    /** What it may do. */
    public Rights rights() {
        List<Grant> all = new ArrayList<>(role.grants());
        all.addAll(grants);
        return new Rights(all);
    }

    void encode(ByteWriter out) {
        out.putString(name).putString(verifier).putVarLong(passwordMs).put(role.number());
        putGrants(out, grants);
        out.putVarLong(keys.size());
        keys.forEach(out::putString);
    }

    static UserDef decode(ByteReader in) {
        String name = in.readString();
        String verifier = in.readString();
        long passwordMs = in.readVarLong();
        UserRole role = UserRole.stored(in.readByte());
        List<Grant> grants = readGrants(in);
        List<String> keys = new ArrayList<>();
        for (int left = in.readVarInt(in.remaining()); left > 0 && !in.failed(); left--) {
            keys.add(in.readString());
        }
        return new UserDef(name, verifier, passwordMs, role, grants, keys);
    }

    static void putGrants(ByteWriter out, List<Grant> grants) {
        out.putVarLong(grants.size());
        grants.forEach(grant -> grant.encode(out));
    }

    static List<Grant> readGrants(ByteReader in) {
        List<Grant> grants = new ArrayList<>();
        for (int left = in.readVarInt(in.remaining()); left > 0 && !in.failed(); left--) {
            grants.add(Grant.decode(in));
        }
        return grants;
    }

    /** The verifier stays out of logs. */
    @Override
    public String toString() {
        return "user=" + name + " role=" + role.word() + " grants=" + grants;
    }
}
