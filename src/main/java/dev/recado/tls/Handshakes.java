package dev.recado.tls;

import dev.recado.base.TimeSource;
import io.netty.channel.Channel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The connections of one event loop whose TLS handshake is not completed. Who has not sent a byte costs what a
 * connection costs anyway; from the first bytes on a connection needs an engine, of which there is a bound: more wait
 * for their turn, unread, and while some wait, who lets the broker wait has to go. Owned by its loop.
 */
public final class Handshakes {

    /** From the connection on. */
    private static final long HANDSHAKE_MS = 10_000;
    /** How long a client may let the broker wait while others wait for an engine. */
    private static final long STALLED_MS = 2_000;

    private final TlsCertificates certificates;
    private final TimeSource time;
    private final int enginesMax;
    private final Set<TlsGate> gates = new LinkedHashSet<>();
    private final Set<TlsGate> engaged = new LinkedHashSet<>();
    private final ArrayDeque<TlsGate> waiting = new ArrayDeque<>();

    /** What a connection comes to. */
    public interface Outcome {

        /**
         * The handshake is completed: bytes are plain ones from now on. Not called after {@link #onGone}.
         *
         * @param clientNames for whom the certificate of the client stands, where one was asked for: its mail
         *     addresses, host names and URIs
         */
        void onSecured(List<String> clientNames);

        /** The peer has sent something else than TLS; the answer is sent to it as it is. */
        byte[] onPlain();

        /** The handshake failed, for this reason; {@link #onGone} follows. */
        void onFailed(String reason);

        /** The connection is closed and was never secured. */
        void onGone();
    }

    /** {@code enginesMax} connections at a time may be in the middle of their handshake. */
    public Handshakes(TlsCertificates certificates, TimeSource time, int enginesMax) {
        this.certificates = certificates;
        this.time = time;
        this.enginesMax = enginesMax;
    }

    /** Takes a connection over; the handler that bears the name {@code replaced} goes. */
    public void accept(Channel channel, String replaced, Outcome outcome) {
        TlsGate gate = new TlsGate(this, certificates, channel, outcome, time.monotonicMs() + HANDSHAKE_MS);
        gates.add(gate);
        certificates.onBegin();
        channel.pipeline().replace(replaced, replaced, gate);
        if (!channel.isActive()) {
            gate.gone();
        }
    }

    /** Its first bytes are there: it begins now or once its turn comes. */
    void enter(TlsGate gate) {
        if (engaged.size() < enginesMax) {
            engage(gate);
        } else {
            waiting.add(gate);
        }
    }

    private void engage(TlsGate gate) {
        engaged.add(gate);
        gate.begin(time.monotonicMs());
    }

    /** It is secured or closed. */
    void leave(TlsGate gate) {
        if (gates.remove(gate)) {
            certificates.onEnd();
        }
        waiting.remove(gate);
        engaged.remove(gate);
        while (engaged.size() < enginesMax && !waiting.isEmpty()) {
            engage(waiting.remove());
        }
    }

    /** Whether there is nothing to look after. */
    public boolean isEmpty() {
        return gates.isEmpty();
    }

    /** Ends what takes too long; called about ten times a second. */
    public void onTick() {
        long nowMs = time.monotonicMs();
        List<TlsGate> late = new ArrayList<>();
        for (TlsGate gate : gates) {
            if (nowMs < gate.deadlineMs()) {
                break; // the others came later
            }
            late.add(gate);
        }
        int wanted = waiting.size();
        for (TlsGate gate : engaged) {
            if (late.size() >= wanted || nowMs - gate.heardMs() < STALLED_MS) {
                break;
            }
            late.add(gate);
        }
        late.forEach(gate -> gate.giveUp("the handshake takes too long"));
    }

    long nowMs() {
        return time.monotonicMs();
    }

    /** Ends all of them. */
    public void close() {
        waiting.clear();
        List.copyOf(gates).forEach(gate -> gate.giveUp("the broker stops"));
    }
}
