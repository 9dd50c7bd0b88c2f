package dev.recado.bench;

import dev.recado.base.ByteWriter;
import dev.recado.bench.LoadTransport.PublishEncoder;
import dev.recado.bench.PublisherLink.Phase;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The sending side of one publisher: connects, and sends what is due and may be sent. Owned by its {@link SenderLoop}.
 */
final class Sender {

    private static final int BATCH_BYTES = 64 << 10;
    private static final int INPUT_BYTES = 8 << 10;
    /** Whoever makes something possible wakes the loop; this is only the longest it sleeps. */
    private static final long IDLE_NANOS = 10_000_000;

    /** Silence after which a publisher gives a sign of life; Recado bears 30 s by default. */
    private static final long SILENT_NANOS_MAX = 5_000_000_000L;

    static final long GREETING_NANOS = 30_000_000_000L;

    private final RunState run;
    private final PublisherLink link;
    private final LoadPlan.Address broker;
    private final PublishEncoder encoder;
    private final ConfirmLoop confirms;
    private final ByteWriter out;
    private final ReconnectPlan backOff;
    private final long unconfirmedMax;

    private long next;
    private boolean finishAsked;
    private boolean everConnected;
    private long connectAtNanos = Long.MIN_VALUE;
    private long greetedAtNanos;
    private long writtenAtNanos;

    private long blockedSinceNanos;
    private long blockedNanos;
    private long behindMaxNanos;
    private long behindNowNanos;

    Sender(RunState run, PublisherLink link, PublishEncoder encoder, ConfirmLoop confirms) {
        this.run = run;
        broker = run.plan.setup().endpoints().publishers();
        this.link = link;
        this.encoder = encoder;
        this.confirms = confirms;
        out = new ByteWriter(256);
        backOff = new ReconnectPlan(run.plan.safety().resumeWaitMs());
        unconfirmedMax = run.plan.unconfirmedMax();
    }

    /** Does what can be done now and answers when to come again at the latest, in nanoseconds. */
    long onTurn(long nowNanos) {
        if (run.isEnding() && link.total > link.sent()) {
            // Here and not where it sends: a full socket, or none, must not keep the run from its end.
            link.total = link.sent();
        }
        return switch (link.phase) {
            case CLOSED -> nowNanos < connectAtNanos ? connectAtNanos : connect(nowNanos);
            case GREETING -> onGreeting(nowNanos);
            case LOST -> onLost(nowNanos);
            case READY -> send(nowNanos);
        };
    }

    private long connect(long nowNanos) {
        try {
            LoadSocket socket = LoadSocket.connect(broker, INPUT_BYTES);
            everConnected = true;
            out.clear();
            next = link.answered();
            encoder.greet(next, out);
            link.socket = socket;
            link.blocked = false;
            link.phase = Phase.GREETING;
            greetedAtNanos = nowNanos;
            writtenAtNanos = nowNanos;
            socket.write(out);
            confirms.add(link);
        } catch (IOException e) {
            return onUnreachable(nowNanos, e);
        }
        return nowNanos + IDLE_NANOS;
    }

    private long onGreeting(long nowNanos) {
        if (nowNanos - greetedAtNanos > GREETING_NANOS) {
            greetedAtNanos = nowNanos;
            confirms.giveUp(link, "no answer to the greeting");
        }
        return nowNanos + IDLE_NANOS;
    }

    private long onUnreachable(long nowNanos, IOException why) {
        LoadSocket socket = link.socket;
        if (socket != null) {
            socket.close();
        }
        link.phase = Phase.CLOSED;
        connectAtNanos = backOff.onFailure(nowNanos);
        if (!everConnected || !run.plan.safety().resume() || backOff.isOver(nowNanos)) {
            run.failUnreachable("cannot reach " + broker + ": " + why.getMessage());
        }
        return connectAtNanos;
    }

    private long onLost(long nowNanos) {
        if (blockedSinceNanos != 0) {
            blockedNanos += nowNanos - blockedSinceNanos;
            blockedSinceNanos = 0;
        }
        finishAsked = false;
        connectAtNanos = backOff.onFailure(nowNanos);
        link.phase = Phase.CLOSED;
        if (backOff.isOver(nowNanos)) {
            run.failUnreachable("no lasting connection to " + broker);
        }
        return connectAtNanos;
    }

    private long send(long nowNanos) {
        RunState.Times times = run.times();
        LoadSocket socket = link.socket;
        if (socket == null || link.blocked) {
            return nowNanos + IDLE_NANOS;
        }
        if (nowNanos - writtenAtNanos > SILENT_NANOS_MAX) {
            encoder.keepAlive(out);
            writtenAtNanos = nowNanos;
        }
        if (out.size() > 0 && !flush(socket, nowNanos) || times == null) {
            return nowNanos + IDLE_NANOS;
        }
        if (nowNanos - times.startNanos() < 0) {
            // What left sooner would not be measured, and of a short run that would be all of it.
            return times.startNanos();
        }
        backOff.onConnected();
        Schedule schedule = times.schedule();
        long due = schedule == null ? Long.MAX_VALUE : schedule.dueCount(link.index, nowNanos);
        long total = total(times, nowNanos);
        if (next >= total) {
            return finish(socket, total, nowNanos);
        }
        long limit = Math.min(Math.min(due, total), answeredPlusWindow());
        if (next < due) {
            measureBehind(schedule, nowNanos);
        } else {
            behindNowNanos = 0;
        }
        if (next < limit) {
            fill(schedule, limit, nowNanos);
            boolean written = flush(socket, nowNanos);
            return written && next < limit ? nowNanos : nowNanos + (written ? 0 : IDLE_NANOS);
        }
        return schedule == null || next < due
                ? nowNanos + IDLE_NANOS
                : Math.min(schedule.intendedNanos(link.index, next), nowNanos + SILENT_NANOS_MAX);
    }

    private void fill(@Nullable Schedule schedule, long limit, long nowNanos) {
        while (next < limit && out.size() < BATCH_BYTES) {
            long intended = nowNanos;
            if (schedule == null) {
                // A resend keeps the time of the first attempt.
                if (next >= link.sent()) {
                    link.keepIntended(next, nowNanos);
                } else {
                    intended = link.keptIntended(next);
                }
                link.sentUpTo(next + 1);
            } else {
                intended = schedule.intendedNanos(link.index, next);
            }
            encoder.publish(next++, intended, out);
        }
        link.sentUpTo(next);
    }

    private long answeredPlusWindow() {
        return unconfirmedMax == Long.MAX_VALUE ? Long.MAX_VALUE : link.answered() + unconfirmedMax;
    }

    private void measureBehind(@Nullable Schedule schedule, long nowNanos) {
        if (schedule != null) {
            behindNowNanos = nowNanos - schedule.intendedNanos(link.index, next);
            behindMaxNanos = Math.max(behindMaxNanos, behindNowNanos);
        }
    }

    /** How many messages this publisher sends in all; what was sent already is the least. */
    private long total(RunState.Times times, long nowNanos) {
        long known = link.total;
        if (known != Long.MAX_VALUE) {
            return known;
        }
        LoadPlan.Timing timing = run.plan.timing();
        int publishers = run.plan.publishing().publishers();
        long total =
                timing.countMax() == 0 ? Long.MAX_VALUE : Schedule.shareOf(timing.countMax(), link.index, publishers);
        boolean timeIsUp = timing.durationMs() > 0 && nowNanos >= times.endNanos();
        Schedule schedule = times.schedule();
        if (timeIsUp && schedule != null) {
            total = Math.min(total, schedule.dueCount(link.index, times.endNanos() - 1));
        }
        if (timeIsUp && schedule == null) {
            total = Math.min(total, link.sent());
        }
        if (timeIsUp || next >= total) {
            link.total = total;
        }
        return total;
    }

    private long finish(LoadSocket socket, long total, long nowNanos) {
        link.total = total;
        behindNowNanos = 0;
        if (!finishAsked) {
            finishAsked = true;
            encoder.finish(out);
            flush(socket, nowNanos);
        }
        return nowNanos + IDLE_NANOS;
    }

    /** Answers whether everything was written; else the confirming thread tells when there is room again. */
    private boolean flush(LoadSocket socket, long nowNanos) {
        try {
            if (blockedSinceNanos != 0) {
                blockedNanos += nowNanos - blockedSinceNanos;
                blockedSinceNanos = 0;
            }
            writtenAtNanos = nowNanos;
            if (socket.write(out)) {
                return true;
            }
            blockedSinceNanos = nowNanos;
            link.blocked = true;
            confirms.awaitWritable(link);
        } catch (IOException e) {
            // The reading side finds the end, settles what is unanswered and hands the publisher back.
            link.blocked = true;
            confirms.giveUp(link, "cannot write");
        }
        return false;
    }

    long blockedNanos() {
        return blockedNanos;
    }

    long behindMaxNanos() {
        return behindMaxNanos;
    }

    long behindNowNanos() {
        return behindNowNanos;
    }
}
