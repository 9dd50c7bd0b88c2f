package dev.recado.security;

import dev.recado.base.BrokerException;
import dev.recado.base.ErrorCode;
import dev.recado.base.Names;
import dev.recado.base.Refusal;
import dev.recado.base.TimeSource;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Judges logins by users and tokens as they are at the time: their passwords by {@link PasswordChecks}, behind {@link
 * LoginDelays}. Safe for use by any thread.
 */
public final class KnownUsers implements UserStore {

    /** Of a password that is set: what a HELLO of ZMTP's PLAIN can carry. */
    public static final int PASSWORD_BYTES_MAX = 255;

    /** Runs something later, on any thread. */
    public interface Later {
        void run(long delayMs, Runnable task);
    }

    private static final Refusal TOO_MANY = Refusal.of(
            ErrorCode.LIMIT_REACHED,
            "too many failed logins of this user from this address: try again in some seconds");

    private static final Refusal WRONG = Refusal.of(ErrorCode.NOT_AUTHENTICATED, "wrong user or password");

    private final Supplier<Users> users;
    private final PasswordChecks checks;
    private final LoginDelays delays;
    private final TimeSource time;
    private final Later later;
    private final Audit audit;
    private final LongAdder succeeded = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder slowed = new LongAdder();
    private final LongAdder refused = new LongAdder();

    /** {@code users} are those of now, whenever asked. */
    public KnownUsers(Supplier<Users> users, PasswordChecks checks, TimeSource time, Later later, Audit audit) {
        this.audit = audit;
        this.users = users;
        this.checks = checks;
        this.delays = new LoginDelays(time);
        this.time = time;
        this.later = later;
    }

    @Override
    public boolean isEmpty() {
        return users.get().isEmpty();
    }

    @Override
    public @Nullable Identity byKey(String key) {
        return users.get().byKey(key);
    }

    @Override
    public @Nullable Identity byCertificate(String name) {
        return users.get().byCertificate(name);
    }

    @Override
    public @Nullable Identity byListener(String name) {
        return users.get().byListener(name);
    }

    @Override
    public Future<String> verifier(byte[] password) {
        if (password.length < 1 || password.length > PASSWORD_BYTES_MAX) {
            return Future.failedFuture(BrokerException.of(
                    Refusal.of(ErrorCode.INVALID_ARGUMENT, "a password has 1 to " + PASSWORD_BYTES_MAX + " bytes")));
        }
        return checks.hash(password);
    }

    @Override
    public Future<@Nullable Identity> verify(String address, String user, byte[] password) {
        String from = PeerAddress.of(address);
        String name = user.length() > Names.BYTES_MAX ? user.substring(0, Names.BYTES_MAX) : user;
        if (user.equals(Tokens.USER)) {
            return judge(address, name, user, password);
        }
        long waitMs = delays.takeTurn(from, name);
        if (waitMs < 0) {
            refused.increment();
            return Future.failedFuture(BrokerException.of(TOO_MANY));
        }
        if (waitMs == 0) {
            return judge(address, name, user, password);
        }
        slowed.increment();
        Promise<Void> turn = Promise.promise();
        later.run(waitMs, turn::complete);
        return turn.future().compose(due -> judge(address, name, user, password));
    }

    private Future<@Nullable Identity> judge(String address, String name, String user, byte[] password) {
        String from = PeerAddress.of(address);
        Future<@Nullable Identity> answer;
        if (user.equals(Tokens.USER)) {
            answer = Future.succeededFuture(users.get().byToken(password, time.wallMs()));
        } else {
            UserDef known = users.get().user(user);
            answer = checks.check(from, user, known == null ? "" : known.verifier(), password)
                    .map(fits -> known != null && fits ? users.get().byPassword(known) : null);
        }
        return answer.onSuccess(identity -> {
            onJudged(from, name, identity != null);
            note(
                    address,
                    identity == null ? name : identity.user(),
                    identity == null || identity.credential().kind() != Credential.Kind.TOKEN
                            ? ""
                            : identity.credential().id(),
                    identity == null ? WRONG : null);
        });
    }

    private void note(String address, String user, String token, @Nullable Refusal refusal) {
        if (audit.isOn()) {
            Map<String, String> about = token.isEmpty() ? Map.of() : Map.of("token", token);
            audit.note(new Audit.Entry("login", new Audit.Actor(user, address, ""), about, refusal));
        }
    }

    /** Nobody guesses a token, and who has an old one must not slow down the others of its machine. */
    private void onJudged(String from, String name, boolean fits) {
        (fits ? succeeded : failed).increment();
        if (name.equals(Tokens.USER)) {
            return;
        }
        if (fits) {
            delays.onSucceeded(from, name);
        } else {
            delays.onFailed(from, name);
        }
    }

    /** Logins by password or token that were right. */
    public long succeeded() {
        return succeeded.sum();
    }

    /** That were wrong. */
    public long failed() {
        return failed.sum();
    }

    /** That had to wait their turn behind failures. */
    public long slowed() {
        return slowed.sum();
    }

    /** That were refused unjudged behind failures. */
    public long refused() {
        return refused.sum();
    }
}
