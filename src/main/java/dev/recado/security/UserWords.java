package dev.recado.security;

import dev.recado.base.ErrorCode;
import dev.recado.base.Names;
import dev.recado.base.Outcome;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Changes of users out of the words by which commands say them. */
public final class UserWords {

    private static final String ALLOWED_ROLES = "role, allowed=administrator, operator, reader, none";

    private UserWords() {}

    /** A new user without a password; {@code role} is empty for one without a role. */
    public static Outcome<UserChange.Add> add(String user, String role, long nowMs) {
        UserRole known = role.isEmpty() ? UserRole.NONE : UserRole.of(role);
        return known == null
                ? Outcome.refused(ErrorCode.INVALID_ARGUMENT, ALLOWED_ROLES)
                : Outcome.of(new UserChange.Add(UserDef.of(user, "", nowMs, known)));
    }

    /** Another role. */
    public static Outcome<UserChange> role(String user, String role) {
        UserRole known = UserRole.of(role);
        return known == null
                ? Outcome.refused(ErrorCode.INVALID_ARGUMENT, ALLOWED_ROLES)
                : Outcome.of(new UserChange.SetRole(user, known));
    }

    /** More operations, words with commas between, on the names that match. */
    public static Outcome<UserChange> grant(String user, String namespaces, String names, String operations) {
        Outcome<Grant> grant = grant(namespaces, names, Operation.list(operations), operations);
        return grant instanceof Outcome.Granted<Grant> granted
                ? Outcome.of(new UserChange.AddGrant(user, granted.value()))
                : new Outcome.Refused<>(((Outcome.Refused<Grant>) grant).refusal());
    }

    /** Fewer of them; all, where {@code operations} is empty. */
    public static Outcome<UserChange> revoke(String user, String namespaces, String names, String operations) {
        boolean isAll = namespaces.equals(Grant.ANY) && names.equals(Grant.ANY);
        Set<Operation> every =
                isAll ? EnumSet.allOf(Operation.class) : EnumSet.complementOf(EnumSet.of(Operation.ADMINISTER));
        Outcome<Grant> grant =
                grant(namespaces, names, operations.isEmpty() ? every : Operation.list(operations), operations);
        return grant instanceof Outcome.Granted<Grant> granted
                ? Outcome.of(new UserChange.RemoveGrant(user, granted.value()))
                : new Outcome.Refused<>(((Outcome.Refused<Grant>) grant).refusal());
    }

    /**
     * A new token.
     *
     * @param untilMs when it ends, milliseconds since 1970; 0 for never
     * @param scope namespaces, names and operations to which it narrows the user's rights; empty where it does not
     */
    public static Outcome<UserChange> token(
            Tokens.Made made, String user, long nowMs, long untilMs, List<String> scope, String note) {
        List<Grant> grants = List.of();
        if (!scope.isEmpty()) {
            Outcome<Grant> grant = grant(scope.get(0), scope.get(1), Operation.list(scope.get(2)), scope.get(2));
            if (grant instanceof Outcome.Refused<Grant> refused) {
                return new Outcome.Refused<>(refused.refusal());
            }
            grants = List.of(((Outcome.Granted<Grant>) grant).value());
        }
        return Outcome.of(
                new UserChange.AddToken(new TokenDef(made.id(), user, made.digest(), nowMs, untilMs, grants, note)));
    }

    private static Outcome<Grant> grant(
            String namespaces, String names, @Nullable Set<Operation> operations, String words) {
        if (operations == null || operations.isEmpty()) {
            return Outcome.refused(
                    ErrorCode.INVALID_ARGUMENT,
                    "operations=" + Names.shown(words) + " allowed=" + Operation.words() + ", joined by commas");
        }
        try {
            return Outcome.of(new Grant(namespaces, names, operations));
        } catch (IllegalArgumentException e) {
            return Outcome.refused(ErrorCode.INVALID_ARGUMENT, String.valueOf(e.getMessage()));
        }
    }
}
