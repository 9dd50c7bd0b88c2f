package dev.recado.client;

import dev.recado.base.ByteWriter;
import dev.recado.client.RecadoException.Kind;
import dev.recado.transport.text.wire.CommandWriter;
import dev.recado.transport.text.wire.ReplyDecoder;
import dev.recado.transport.text.wire.ReplyKind;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * How transactions are committed: each goes to the broker in one piece, so that nothing of another thread comes in
 * between, and only once the broker of this connection has shown that it knows them. One that does not would do their
 * commands one by one. Guarded by the session's lock.
 */
final class Commits {

    private static final int UNKNOWN = -1;

    private final ClientSession session;
    /** In which connection the broker has begun one. */
    private int knownIn = UNKNOWN;

    Commits(ClientSession session) {
        this.session = session;
    }

    CompletableFuture<Void> commit(ClientTransaction transaction) {
        session.lock().lock();
        try {
            if (!transaction.isHeld()) {
                return CompletableFuture.failedFuture(Leases.leaseGone());
            }
            if (session.isReady() && knownIn == session.epoch()) {
                return session.call(new Commit(transaction)).thenAccept(text -> {});
            }
            CompletableFuture<String> begun = session.call(ok("BEGIN", "unnumbered"));
            CompletableFuture<String> dropped = session.call(new Call.Ok(command("ROLLBACK"), text -> {
                knownIn = session.epoch();
            }));
            return begun.thenCompose(text -> dropped).thenCompose(text -> commit(transaction));
        } catch (RecadoException e) {
            return CompletableFuture.failedFuture(e);
        } finally {
            session.lock().unlock();
        }
    }

    private static Call.Ok ok(String verb, String... fields) {
        return new Call.Ok(command(verb, fields), text -> {});
    }

    private static byte[] command(String verb, String... fields) {
        ByteWriter out = new ByteWriter(32);
        new CommandWriter(out).command(verb, fields);
        return out.toByteArray();
    }

    /** A transaction on its way: BEGIN, each publish and COMMIT are answered; what went wrong first is told. */
    private static final class Commit extends Call<String> {
        private final ClientTransaction transaction;
        private final int last;
        private int answered;
        private @Nullable RecadoException refused;

        Commit(ClientTransaction transaction) {
            super(transaction.commands());
            this.transaction = transaction;
            last = transaction.publishCount() + 1;
        }

        @Override
        Verdict onReply(ReplyDecoder reply) {
            if (reply.kind() != ReplyKind.ERROR) {
                return onGood(reply);
            }
            if (refused == null) {
                refused = RecadoException.answered(Kind.REFUSED, reply.text(), null);
            }
            return next(reply);
        }

        @Override
        Verdict onGood(ReplyDecoder reply) {
            boolean isPublish = answered > 0 && answered < last;
            boolean fits = isPublish
                    ? reply.kind() == ReplyKind.HELD || reply.kind() == ReplyKind.ROUTED
                    : reply.kind() == ReplyKind.OK;
            return fits ? next(reply) : Verdict.WRONG;
        }

        private Verdict next(ReplyDecoder reply) {
            answered++;
            if (answered <= last) {
                return Verdict.MORE;
            }
            if (refused != null) {
                fail(refused);
                return Verdict.DONE;
            }
            transaction.onCommitted();
            return done(reply.text());
        }
    }
}
