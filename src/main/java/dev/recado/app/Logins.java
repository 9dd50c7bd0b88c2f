package dev.recado.app;

import dev.recado.app.logging.AuditLog;
import dev.recado.base.SettingException;
import dev.recado.base.TimeSource;
import dev.recado.broker.Figure;
import dev.recado.config.Config;
import dev.recado.config.LogConfig;
import dev.recado.config.SecurityConfig;
import dev.recado.core.topic.CatalogChange.ChangeUsers;
import dev.recado.node.NodeStart;
import dev.recado.security.Audit;
import dev.recado.security.Authenticator;
import dev.recado.security.BoundedAuthenticator;
import dev.recado.security.DefaultAuthenticator;
import dev.recado.security.Identity;
import dev.recado.security.KnownUsers;
import dev.recado.security.PasswordChecks;
import dev.recado.security.UserChange;
import dev.recado.security.UserDef;
import dev.recado.security.UserRole;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who may log in at this node: what judges logins by the users of its catalog, and the first administrator. */
final class Logins {

    private static final Logger LOG = LoggerFactory.getLogger(Logins.class);

    /** Logins that are not answered yet, of all sessions: as many as come back at once behind a restart. */
    private static final int UNDER_WAY_MAX = 2_048;

    private final Vertx vertx;
    private final NodeStart node;
    private final @Nullable AuditLog audit;
    private final PasswordChecks checks;
    private final Authenticator authenticator;

    private Logins(Vertx vertx, NodeStart node, LogConfig log, Path dataDir) {
        TimeSource time = TimeSource.system();
        audit = log.auditFile().isEmpty()
                ? null
                : new AuditLog(dataDir.resolve(log.auditFile()), log.auditBytesMax(), time);
        Audit noted = audit == null ? Audit.NONE : audit;
        node.audit(noted);
        this.vertx = vertx;
        this.node = node;
        checks = new PasswordChecks(time);
        KnownUsers users = new KnownUsers(
                () -> node.broker().catalog().users(),
                checks,
                time,
                (delayMs, task) -> vertx.setTimer(delayMs, at -> task.run()),
                noted);
        authenticator = new BoundedAuthenticator(new DefaultAuthenticator(users), UNDER_WAY_MAX, time);
        show(users);
    }

    /** Of a node that has started. */
    static Logins of(Vertx vertx, NodeStart node, Config config) {
        return new Logins(vertx, node, config.log(), config.node().dataDir());
    }

    private void show(KnownUsers users) {
        node.show(() ->
                Figure.gauge("users", "users", node.broker().catalog().users().count()));
        node.show(() -> Figure.counter("logins", "logins by password or token that were right", users.succeeded()));
        node.show(() -> Figure.counter("logins_failed", "logins that were wrong", users.failed()));
        node.show(() -> Figure.counter("logins_slowed", "logins that waited behind failures", users.slowed()));
        node.show(() -> Figure.counter("logins_refused", "logins not judged behind failures", users.refused()));
        node.show(() -> Figure.gauge("logins_waiting", "passwords that wait to be checked", checks.waiting()));
        AuditLog noted = audit;
        if (noted != null) {
            node.show(() -> Figure.counter("audit_lost", "lines of the audit that came too fast", noted.lost()));
        }
        node.show(() -> Figure.gauge(
                "login_password_micros", "what checking a password takes, on average", checks.microsMean()));
    }

    Authenticator authenticator() {
        return authenticator;
    }

    /** Makes the administrator that the settings name, where no user exists. */
    Future<Void> ensureFirst(SecurityConfig security) {
        SecurityConfig.FirstAdmin first = security.firstAdmin();
        if (first == null || !node.broker().catalog().users().isEmpty()) {
            return Future.succeededFuture();
        }
        byte[] password;
        try {
            password = firstLine(Path.of(first.passwordFile()));
        } catch (IOException e) {
            return Future.failedFuture(
                    new SettingException("security.first-admin.password-file: " + FileFailure.text(e), e));
        }
        if (password.length == 0) {
            return Future.failedFuture(new SettingException(
                    "security.first-admin.password-file: " + first.passwordFile()
                            + " begins with an empty line: its first line is the password",
                    null));
        }
        return checks.hash(password)
                .compose(verifier -> {
                    Arrays.fill(password, (byte) 0);
                    UserDef user = UserDef.of(
                            first.name(), verifier, TimeSource.system().wallMs(), UserRole.ADMINISTRATOR);
                    return onLoop(new UserChange.Add(user));
                })
                .onSuccess(
                        done -> LOG.atInfo().addKeyValue("user", first.name()).log("first administrator made"));
    }

    private static byte[] firstLine(Path file) throws IOException {
        byte[] all = Files.readAllBytes(file);
        int end = 0;
        while (end < all.length && all[end] != '\n' && all[end] != '\r') {
            end++;
        }
        byte[] line = Arrays.copyOf(all, end);
        Arrays.fill(all, (byte) 0);
        return line;
    }

    /** The broker's changes are asked for on one of its loops. */
    private Future<Void> onLoop(UserChange change) {
        Promise<Void> done = Promise.promise();
        ((VertxInternal) vertx).createEventLoopContext().runOnContext(unused -> node.broker()
                .change(new ChangeUsers(change), Identity.BROKER)
                .<Void>mapEmpty()
                .onComplete(done));
        return done.future();
    }

    void close() {
        checks.close();
        if (audit != null) {
            audit.close();
        }
    }
}
