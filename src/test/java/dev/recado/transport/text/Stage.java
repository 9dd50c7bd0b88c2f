package dev.recado.transport.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ByteGauge;
import dev.recado.core.group.GroupSettings;
import dev.recado.core.topic.TopicSettings;
import dev.recado.security.Authenticator;
import dev.recado.security.Identity;
import dev.recado.security.Rights;
import dev.recado.transport.ByteBudget;
import dev.recado.transport.FakeBroker;
import dev.recado.transport.FakeClock;
import dev.recado.transport.FakeLink;
import dev.recado.transport.LoopAuthenticator;
import dev.recado.transport.PlainAuthenticator;
import dev.recado.transport.SessionSettings;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A fake broker and sessions of one loop, driven by transcripts: a line {@code name> text} is sent by that session, a
 * line {@code name< text} is what it must read next, {@code name! closed} tells that its connection is gone; without a
 * name it is session A. A transcript holds all that is said: anything more fails it.
 */
final class Stage {

    /** No users: everybody may do everything, and guest/guest may log in. */
    static final Authenticator OPEN = authenticator(new Identity("anonymous", Rights.ALL));

    /** Line 64 KiB, idle 60 s. */
    static final TextSettings DEFAULT = new TextSettings(65_536, 60_000, "", SessionSettings.DEFAULT);

    final FakeBroker broker = new FakeBroker();
    final FakeClock clock = new FakeClock();
    final Map<String, FakeWire> wires = new LinkedHashMap<>();
    final ByteBudget budget;
    /** Bytes of heap that large output holds. */
    final AtomicLong largeBytes = new AtomicLong();

    private final ByteGauge large = largeBytes::addAndGet;
    final BrowseBudget browsing = new BrowseBudget(4L << 20);
    final ByteBudget replies = new ByteBudget(4L << 20);
    private final TextEnvironment environment;
    private long uuids;

    Stage() {
        this(DEFAULT, OPEN);
    }

    Stage(TextSettings settings, Authenticator authenticator) {
        budget = new ByteBudget(64L << 20);
        environment = new TextEnvironment(
                broker,
                new LoopAuthenticator(authenticator, Runnable::run),
                settings,
                clock,
                budget.lender(),
                () -> new UUID(1, ++uuids),
                new LoopBuffers(large, browsing, replies));
    }

    static TextSettings settings(int lineBytesMax, int messageBytesMax, boolean autoCreate) {
        return new TextSettings(
                lineBytesMax,
                60_000,
                "",
                new SessionSettings(messageBytesMax, 10_000, autoCreate, TopicSettings.DEFAULT, GroupSettings.DEFAULT));
    }

    static Authenticator authenticator(@Nullable Identity anonymous) {
        return new PlainAuthenticator() {
            @Override
            public @Nullable Identity anonymous(String listener) {
                return anonymous;
            }

            @Override
            public Future<@Nullable Identity> authenticate(String address, String user, byte[] password) {
                boolean good =
                        user.equals("guest") && Arrays.equals(password, "guest".getBytes(StandardCharsets.UTF_8));
                return Future.succeededFuture(good ? new Identity(user, Rights.ALL) : null);
            }
        };
    }

    FakeWire wire(String name) {
        return wires.computeIfAbsent(name, unused -> {
            FakeWire wire = new FakeWire();
            wire.open(new TextSession(environment, wire));
            return wire;
        });
    }

    /** The link of the session that was opened as number {@code index}. */
    FakeLink link(int index) {
        return broker.links.get(index);
    }

    void send(String name, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        wire(name).session().onBytes(bytes, 0, bytes.length);
    }

    void tick(long ms) {
        clock.nowMs += ms;
        wires.values().forEach(wire -> wire.session().onTick());
        broker.turn();
    }

    /** Plays a transcript; see the class. */
    void play(String transcript) {
        for (String line : transcript.lines().filter(one -> !one.isBlank()).toList()) {
            int mark = mark(line);
            String name = mark == 0 ? "A" : line.substring(0, mark);
            String text = line.length() > mark + 2 ? line.substring(mark + 2) : "";
            if (line.charAt(mark) == '>') {
                send(name, text + "\n");
                continue;
            }
            broker.turn();
            if (line.charAt(mark) == '<') {
                assertThat(wire(name).nextLine())
                        .as("line of %s: %s", name, line)
                        .isEqualTo(text);
            } else {
                assertThat(wire(name).closed).as("%s is closed", name).isTrue();
            }
        }
        broker.turn();
        wires.forEach(
                (name, wire) -> assertThat(wire.rest()).as("rest of " + name).isEmpty());
    }

    private static int mark(String line) {
        for (int i = 0; i < line.length(); i++) {
            if ("<>!".indexOf(line.charAt(i)) >= 0) {
                return i;
            }
        }
        throw new IllegalArgumentException("no line of a transcript: " + line);
    }
}
