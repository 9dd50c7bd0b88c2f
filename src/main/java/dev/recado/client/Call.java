package dev.recado.client;

import dev.recado.transport.text.wire.ReplyDecoder;
import dev.recado.transport.text.wire.ReplyKind;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A command other than a publish that is answered, and who waits for the answer. {@link #onReply} runs under the
 * session's lock, {@link #finish} without it.
 */
abstract class Call<T> {

    /** What a reply means for the call. */
    enum Verdict {
        /** More lines follow. */
        MORE,
        /** Answered. */
        DONE,
        /** Not an answer to this command: the streams have come apart. */
        WRONG
    }

    final byte[] command;
    final CompletableFuture<T> future = new CompletableFuture<>();
    /** Number of the publish that was sent next after this command: replies come in the order of the commands. */
    long beforeSequence;

    /** Whether a refusal ends the connection. */
    boolean essential;

    private @Nullable T result;
    private @Nullable RecadoException failure;

    Call(byte[] command) {
        this.command = command;
    }

    /** Takes a reply that is not an ERROR. */
    abstract Verdict onGood(ReplyDecoder reply);

    /** Whether lines of a list have begun, within which nothing else can come. */
    boolean inList() {
        return false;
    }

    Verdict onReply(ReplyDecoder reply) {
        if (reply.kind() == ReplyKind.ERROR && !inList()) {
            fail(RecadoException.answered(RecadoException.Kind.REFUSED, reply.text(), null));
            return Verdict.DONE;
        }
        return onGood(reply);
    }

    final Verdict done(T answer) {
        result = answer;
        return Verdict.DONE;
    }

    void fail(RecadoException why) {
        failure = why;
    }

    final @Nullable RecadoException failure() {
        return failure;
    }

    final void finish() {
        T answer = result;
        if (failure != null) {
            future.completeExceptionally(failure);
        } else if (answer != null) {
            future.complete(answer);
        }
    }

    /** Fails calls that nobody will answer, all of them before the first one's caller is told. */
    static void endAll(List<Call<?>> calls, RecadoException why) {
        calls.forEach(call -> call.fail(why));
        calls.forEach(Call::finish);
    }

    /** Answered by {@code OK:…}; {@code effect} runs under the session's lock before anything later is read. */
    static class Ok extends Call<String> {
        private final Consumer<String> effect;

        Ok(byte[] command, Consumer<String> effect) {
            super(command);
            this.effect = effect;
        }

        @Override
        Verdict onGood(ReplyDecoder reply) {
            if (reply.kind() != ReplyKind.OK) {
                return Verdict.WRONG;
            }
            String text = reply.text();
            effect.accept(text);
            return done(text);
        }
    }

    /** Answered by {@code PONG}. */
    static final class Ping extends Call<Long> {
        private final long sentNanos = System.nanoTime();

        Ping(byte[] command) {
            super(command);
        }

        @Override
        Verdict onGood(ReplyDecoder reply) {
            return reply.kind() == ReplyKind.PONG ? done(System.nanoTime() - sentNanos) : Verdict.WRONG;
        }
    }

    /** Answered by lines and a {@code .}; at most {@link #LINES_MAX} lines are kept. */
    static final class Lines extends Call<List<String>> {
        static final int LINES_MAX = 100_000;
        private final List<String> lines = new ArrayList<>();

        Lines(byte[] command) {
            super(command);
        }

        @Override
        boolean inList() {
            return !lines.isEmpty();
        }

        @Override
        Verdict onGood(ReplyDecoder reply) {
            String line = reply.text();
            if (reply.kind() == ReplyKind.LIST_END || reply.kind() == ReplyKind.LINE && line.equals(".")) {
                return done(List.copyOf(lines));
            }
            if (reply.kind() != ReplyKind.LINE || lines.size() == LINES_MAX) {
                return Verdict.WRONG;
            }
            lines.add(line);
            return Verdict.MORE;
        }
    }

    /** Answered by {@code ACKED}. */
    static final class Acked extends Call<Boolean> {
        Acked(byte[] command) {
            super(command);
        }

        @Override
        Verdict onGood(ReplyDecoder reply) {
            return reply.kind() == ReplyKind.ACKED ? done(true) : Verdict.WRONG;
        }
    }

    /** Answered by {@code REP}. */
    static final class Request extends Call<byte[]> {
        Request(byte[] command) {
            super(command);
        }

        @Override
        Verdict onGood(ReplyDecoder reply) {
            return reply.kind() == ReplyKind.REP ? done(reply.payload()) : Verdict.WRONG;
        }
    }
}
