package dev.recado.security;

import dev.recado.base.ErrorCode;
import dev.recado.base.Names;
import dev.recado.base.PersistentMap;
import dev.recado.base.Refusal;
import dev.recado.security.UserChange.AddGrant;
import dev.recado.security.UserChange.AddKey;
import dev.recado.security.UserChange.AddToken;
import dev.recado.security.UserChange.RemoveGrant;
import dev.recado.security.UserChange.RemoveKey;
import dev.recado.security.UserChange.RemoveToken;
import dev.recado.security.UserChange.Result;
import dev.recado.security.UserChange.SetPassword;
import dev.recado.security.UserChange.SetRole;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What may become of users: the first is an administrator with a password, and one such is always left, so that a
 * broker with users can be administrated.
 */
final class UserRules {

    private static final int NOTE_BYTES_MAX = 255;
    private static final int KEY_CHARS = 40;

    private final Users users;

    UserRules(Users users) {
        this.users = users;
    }

    Result apply(UserChange change) {
        if (change instanceof UserChange.Add add) {
            return add(add.user());
        } else if (change instanceof UserChange.Remove remove) {
            return remove(remove);
        } else if (change instanceof AddToken add) {
            return addToken(add.token());
        } else if (change instanceof RemoveToken remove) {
            return users.tokens.contains(remove.id())
                    ? granted(users.byName, users.tokens.remove(remove.id()), users.keyOwners)
                    : refuse(ErrorCode.NOT_FOUND, "token=" + Names.shown(remove.id()));
        }
        return alter(change);
    }

    private Result add(UserDef user) {
        Refusal problem = Names.problem("user", user.name());
        if (problem == null && user.name().equals(Tokens.USER)) {
            problem = Refusal.of(
                    ErrorCode.INVALID_ARGUMENT, "user=" + Tokens.USER + " is whose password a token is; take another");
        }
        if (problem == null) {
            problem = problemOf(user);
        }
        if (problem != null) {
            return new Result.Refused(problem);
        }
        if (users.byName.contains(user.name())) {
            return refuse(ErrorCode.NAME_IN_USE, "user=" + Names.shown(user.name()) + " is there");
        }
        if (users.isEmpty() && !user.isAdministrator()) {
            return refuse(
                    ErrorCode.NOT_ALLOWED,
                    "the first user is an administrator with a password, as only such can make others");
        }
        if (users.byName.size() >= Users.USERS_MAX) {
            return refuse(ErrorCode.LIMIT_REACHED, "users, limit=" + Users.USERS_MAX);
        }
        return put(user, null);
    }

    private @Nullable Refusal problemOf(UserDef user) {
        if (user.hasPassword()) {
            String wrong = PasswordHash.problem(user.verifier());
            if (wrong != null) {
                return Refusal.of(ErrorCode.INVALID_ARGUMENT, wrong);
            }
        }
        if (user.grants().size() > UserDef.GRANTS_MAX) {
            return Refusal.of(ErrorCode.LIMIT_REACHED, "grants of a user, limit=" + UserDef.GRANTS_MAX);
        }
        if (user.keys().size() > UserDef.KEYS_MAX) {
            return Refusal.of(ErrorCode.LIMIT_REACHED, "keys of a user, limit=" + UserDef.KEYS_MAX);
        }
        Refusal problem = problemOf(user.grants());
        for (String key : user.keys()) {
            String owner = users.keyOwners.get(key);
            if (key.length() != KEY_CHARS) {
                problem = Refusal.of(ErrorCode.INVALID_ARGUMENT, "a public key has " + KEY_CHARS + " characters (Z85)");
            } else if (owner != null && !owner.equals(user.name())) {
                problem = Refusal.of(ErrorCode.NAME_IN_USE, "the key is of user=" + Names.shown(owner));
            }
        }
        return problem;
    }

    private static @Nullable Refusal problemOf(List<Grant> grants) {
        for (Grant grant : grants) {
            Refusal problem = Names.problemOfAny("namespaces", grant.namespaces());
            problem = problem == null ? Names.problemOfAny("names", grant.names()) : problem;
            if (problem != null) {
                return problem;
            }
            if (grant.operations().isEmpty()) {
                return Refusal.of(ErrorCode.INVALID_ARGUMENT, "a grant gives at least one operation");
            }
        }
        return null;
    }

    private Result remove(UserChange.Remove remove) {
        UserDef user = users.user(remove.user());
        if (user == null) {
            return noUser(remove.user());
        }
        if (!remove.evenLast() && isLastAdministrator(user)) {
            return lastAdministrator(user);
        }
        PersistentMap<String, TokenDef> tokens = users.tokens;
        for (TokenDef token : users.tokens.values()) {
            tokens = token.user().equals(user.name()) ? tokens.remove(token.id()) : tokens;
        }
        PersistentMap<String, String> owners = users.keyOwners;
        for (String key : user.keys()) {
            owners = owners.remove(key);
        }
        return granted(users.byName.remove(user.name()), tokens, owners);
    }

    private Result alter(UserChange change) {
        if (change instanceof SetPassword set) {
            UserDef user = users.user(set.user());
            return user == null ? noUser(set.user()) : put(user.withPassword(set.verifier(), set.setMs()), user);
        } else if (change instanceof SetRole set) {
            UserDef user = users.user(set.user());
            return user == null ? noUser(set.user()) : put(user.withRole(set.role()), user);
        } else if (change instanceof AddGrant add) {
            UserDef user = users.user(add.user());
            return user == null ? noUser(add.user()) : put(user.withGrants(granted(user.grants(), add.grant())), user);
        } else if (change instanceof RemoveGrant remove) {
            UserDef user = users.user(remove.user());
            if (user == null) {
                return noUser(remove.user());
            }
            List<Grant> left = revoked(user.grants(), remove.grant());
            return left.equals(user.grants())
                    ? refuse(ErrorCode.NOT_FOUND, "no such grant, user=" + Names.shown(remove.user()))
                    : put(user.withGrants(left), user);
        } else if (change instanceof AddKey add) {
            UserDef user = users.user(add.user());
            return user == null ? noUser(add.user()) : put(user.withKeys(with(user.keys(), add.key())), user);
        } else if (change instanceof RemoveKey remove) {
            UserDef user = users.user(remove.user());
            if (user != null && !user.keys().contains(remove.key())) {
                return refuse(ErrorCode.NOT_FOUND, "no such key, user=" + Names.shown(remove.user()));
            }
            return user == null ? noUser(remove.user()) : put(user.withKeys(without(user.keys(), remove.key())), user);
        }
        throw new AssertionError("change without a rule: " + change.getClass());
    }

    /** At most one for each pattern. */
    private static List<Grant> granted(List<Grant> all, Grant more) {
        List<Grant> grants = new ArrayList<>(all);
        for (int i = 0; i < grants.size(); i++) {
            if (grants.get(i).isOn(more)) {
                grants.set(i, grants.get(i).with(more));
                return grants;
            }
        }
        grants.add(more);
        return grants;
    }

    private static List<Grant> revoked(List<Grant> all, Grant less) {
        List<Grant> grants = new ArrayList<>();
        for (Grant grant : all) {
            Grant left = grant.isOn(less) ? grant.without(less) : grant;
            if (left != null) {
                grants.add(left);
            }
        }
        return grants;
    }

    private static <T> List<T> with(List<T> all, T one) {
        if (all.contains(one)) {
            return all;
        }
        List<T> more = new ArrayList<>(all);
        more.add(one);
        return more;
    }

    private static <T> List<T> without(List<T> all, T one) {
        List<T> fewer = new ArrayList<>(all);
        fewer.remove(one);
        return fewer;
    }

    private Result put(UserDef user, @Nullable UserDef before) {
        if (user.equals(before)) {
            return new Result.Granted(users);
        }
        Refusal problem = problemOf(user);
        if (problem != null) {
            return new Result.Refused(problem);
        }
        if (before != null && isLastAdministrator(before) && !user.isAdministrator()) {
            return lastAdministrator(before);
        }
        PersistentMap<String, String> owners = users.keyOwners;
        for (String key : before == null ? List.<String>of() : before.keys()) {
            owners = owners.remove(key);
        }
        for (String key : user.keys()) {
            owners = owners.put(key, user.name());
        }
        return granted(users.byName.put(user.name(), user), users.tokens, owners);
    }

    private boolean isLastAdministrator(UserDef user) {
        return user.isAdministrator()
                && users.byName.values().stream()
                                .filter(UserDef::isAdministrator)
                                .count()
                        == 1;
    }

    private Result addToken(TokenDef token) {
        Refusal problem = problemOf(token.scope());
        if (problem != null) {
            return new Result.Refused(problem);
        }
        if (users.user(token.user()) == null) {
            return noUser(token.user());
        }
        if (users.tokens.contains(token.id())) {
            return refuse(ErrorCode.NAME_IN_USE, "token=" + token.id() + ": make another");
        }
        if (users.tokens.size() >= Users.TOKENS_MAX) {
            return refuse(ErrorCode.LIMIT_REACHED, "tokens, limit=" + Users.TOKENS_MAX);
        }
        if (token.scope().size() > UserDef.GRANTS_MAX || Names.isLongerThan(token.note(), NOTE_BYTES_MAX)) {
            return refuse(
                    ErrorCode.LIMIT_REACHED,
                    "a token has at most " + UserDef.GRANTS_MAX + " grants and a note of " + NOTE_BYTES_MAX + " bytes");
        }
        return granted(users.byName, users.tokens.put(token.id(), token), users.keyOwners);
    }

    private static Result granted(
            PersistentMap<String, UserDef> byName,
            PersistentMap<String, TokenDef> tokens,
            PersistentMap<String, String> owners) {
        return new Result.Granted(new Users(byName, tokens, owners));
    }

    private static Result lastAdministrator(UserDef user) {
        return refuse(
                ErrorCode.NOT_ALLOWED,
                "user=" + Names.shown(user.name()) + " is the last administrator with a password; make another first");
    }

    private static Result noUser(String name) {
        return refuse(ErrorCode.NOT_FOUND, "user=" + Names.shown(name));
    }

    private static Result refuse(ErrorCode code, String detail) {
        return new Result.Refused(Refusal.of(code, detail));
    }
}
