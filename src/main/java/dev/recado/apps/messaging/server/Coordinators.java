package dev.recado.apps.messaging.server;

import dev.recado.apps.Printable;
import dev.recado.apps.messaging.wire.Envelope;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who coordinates: of the living servers the one of the lowest rank. Who has missed it asks all that come before it;
 * where one answers that one takes care of it, else who asked announces itself on the topic {@code servers}. A server
 * that comes back asks the same way, and one that hears a later rank announce itself answers with its own name. The
 * topic needs the broker, questions do not: so who leads goes on asking, and sets no clocks before it has done so for a
 * while.
 *
 * <pre>
 * state      event                                  then
 * FOLLOWING  no sign of the coordinator for 3 s     ask those before; ASKING (LEADING where there are none)
 * ASKING     one before answers                     FOLLOWING, for 3 s
 * ASKING     nobody answers for 1 s                 announce; LEADING
 * LEADING    an earlier rank announces itself       FOLLOWING
 * LEADING    each second                            announce, and ask those before
 * LEADING    one before answers                     FOLLOWING, for 3 s
 * any        one before, which is no later than     FOLLOWING, for 3 s
 *            the coordinator, asks for the clock
 * any        a later rank announces itself          ask those before, as above
 * </pre>
 */
final class Coordinators {

    static final String TOPIC = "servers";
    static final long MISSED_MS = 3_000;
    static final long ANSWER_MS = 1_000;
    static final long ANNOUNCE_MS = 1_000;
    /** So long a new coordinator only listens whether there is another. */
    static final long UNSURE_MS = 2 * ANNOUNCE_MS;

    /** Whether this server leads, follows or asks. */
    enum Role {
        FOLLOWING,
        ASKING,
        LEADING
    }

    private final ServerSelf self;
    private final PeerList peers;
    private Role role = Role.FOLLOWING;
    private @Nullable String coordinator;
    /** Of the last sign of the coordinator, of the question or of the announcement, by the role. */
    private long sinceMs;

    private long leadingSinceMs;
    private boolean started;

    Coordinators(ServerSelf self, PeerList peers) {
        this.self = self;
        this.peers = peers;
    }

    void onTick(ServerMoment now, ServerEffects effects) {
        if (peers.rank() == 0) {
            return;
        }
        if (!started) {
            started = true;
            elect(now, effects);
            return;
        }
        long elapsedMs = now.ms() - sinceMs;
        switch (role) {
            case FOLLOWING -> {
                if (elapsedMs >= MISSED_MS) {
                    elect(now, effects);
                }
            }
            case ASKING -> {
                if (elapsedMs >= ANSWER_MS) {
                    lead(now, effects);
                }
            }
            case LEADING -> {
                if (elapsedMs >= ANNOUNCE_MS) {
                    announce(now, effects);
                    askThoseBefore(now, effects);
                }
            }
        }
    }

    private void elect(ServerMoment now, ServerEffects effects) {
        role = Role.ASKING;
        sinceMs = now.ms();
        if (peers.before().isEmpty()) {
            lead(now, effects);
            return;
        }
        askThoseBefore(now, effects);
    }

    private void askThoseBefore(ServerMoment now, ServerEffects effects) {
        for (PeerList.Peer peer : peers.before()) {
            effects.ask(peer.name(), self.stamp("election", now, Map.of("rank", peers.rank())));
        }
    }

    private void lead(ServerMoment now, ServerEffects effects) {
        role = Role.LEADING;
        leadingSinceMs = now.ms();
        follow(self.name(), effects);
        announce(now, effects);
    }

    private void announce(ServerMoment now, ServerEffects effects) {
        sinceMs = now.ms();
        effects.publish(
                TOPIC, self.stamp("coordinator", now, Map.of("coordinator", self.name(), "rank", peers.rank())));
    }

    /** One before this server is alive, and tells who coordinates. */
    void onAnswer(Envelope answer, ServerMoment now, ServerEffects effects) {
        if (role != Role.FOLLOWING && answer.isOk()) {
            role = Role.FOLLOWING;
            sinceMs = now.ms();
            String told = answer.textOrEmpty("coordinator");
            // One that does not know of any yet is about to find out.
            follow(told.isEmpty() || told.equals(self.name()) ? answer.user() : told, effects);
        }
    }

    /** A later one asks; the answer is made by the caller from {@link #coordinator}. */
    void onQuestion(ServerMoment now, ServerEffects effects) {
        if (started && role == Role.FOLLOWING && coordinator == null) {
            elect(now, effects);
        }
    }

    /** Somebody announces itself on the topic. */
    void onAnnouncement(Envelope announcement, ServerMoment now, ServerEffects effects) {
        String name = announcement.textOrEmpty("coordinator");
        long rank = announcement.number("rank", Long.MAX_VALUE);
        if (name.isEmpty() || name.equals(self.name()) || peers.rank() == 0) {
            return;
        }
        if (peers.isBefore(name, rank)) {
            role = Role.FOLLOWING;
            sinceMs = now.ms();
            follow(name, effects);
        } else if (role == Role.LEADING) {
            announce(now, effects);
        } else if (role == Role.FOLLOWING) {
            elect(now, effects);
        }
    }

    /**
     * Somebody asks for this server's clock, which only who leads does: without the broker that is all there is to hear
     * of one that began to lead after this server had been told of another.
     */
    void onClockQuestion(String user, ServerMoment now, ServerEffects effects) {
        PeerList.Peer asker = peers.find(user);
        if (peers.rank() == 0 || asker == null || !peers.isBefore(asker.name(), asker.rank())) {
            return;
        }
        PeerList.Peer followed = coordinator == null ? null : peers.find(coordinator);
        if (followed == null || !followed.isBefore(asker)) {
            role = Role.FOLLOWING;
            sinceMs = now.ms();
            follow(user, effects);
        }
    }

    private void follow(String name, ServerEffects effects) {
        if (!name.equals(coordinator)) {
            coordinator = name;
            effects.say("coordinator is " + Printable.of(name));
        }
    }

    /** Whether it leads, and has for long enough to have heard of another who does. */
    boolean setsClocks(ServerMoment now) {
        return role == Role.LEADING && now.ms() - leadingSinceMs >= UNSURE_MS;
    }

    /** Whom this server takes for the coordinator; empty where it knows of none. */
    String coordinator() {
        return coordinator == null ? "" : coordinator;
    }
}
