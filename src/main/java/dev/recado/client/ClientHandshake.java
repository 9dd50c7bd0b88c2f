package dev.recado.client;

import org.jspecify.annotations.Nullable;

/**
 * The first commands of each connection: who the client is, how it logs in, in which namespace it works, and which
 * number a publisher that was here before goes on with. Guarded by the session's lock.
 */
final class ClientHandshake {

    private final CommandStream commands;
    private final String producerId;
    private final long rewind;
    private final Runnable onDone;
    /** Whether it is settled where the numbers of publishes begin. */
    private boolean numbersBegun;

    private String brokerName = "";

    /**
     * {@code isNew} says that nobody has published under that id before; else numbers go on {@code rewind} before the
     * next one that the broker knows of. {@code onDone} runs under the lock when the last command is answered.
     */
    ClientHandshake(CommandStream commands, String producerId, boolean isNew, long rewind, Runnable onDone) {
        this.commands = commands;
        this.producerId = producerId;
        numbersBegun = isNew;
        this.rewind = rewind;
        this.onDone = onDone;
    }

    /** What the broker calls itself; empty before the first connection. */
    String brokerName() {
        return brokerName;
    }

    /** The first number is taken: what the broker knows of earlier ones comes too late. */
    void onPublish() {
        numbersBegun = true;
    }

    /**
     * A connection is there; without a {@code user} there is no login, without a {@code namespace} it stays in /. Who
     * {@code listens} is told of a shortage; a broker of 0.1.0 passes over what stands behind the name.
     */
    void begin(String name, boolean listens, @Nullable String user, String password, @Nullable String namespace) {
        if (listens) {
            commands.scratch().command("HELLO", name, "blocked");
        } else {
            commands.scratch().command("HELLO", name);
        }
        commands.sendEssential(text -> {
            brokerName = Answers.afterFirstColon(text);
            if (user == null && namespace == null) {
                askForNumber();
            }
        });
        if (user != null) {
            commands.scratch().command("AUTH", user, password);
            commands.sendEssential(text -> {
                if (namespace == null) {
                    askForNumber();
                }
            });
        }
        if (namespace != null) {
            commands.scratch().command("NAMESPACE:USE", namespace);
            commands.sendEssential(text -> askForNumber());
        }
    }

    /** A producer that may have published before: the broker knows its next number. */
    private void askForNumber() {
        if (numbersBegun) {
            onDone.run();
            return;
        }
        commands.scratch().producer(producerId, 0);
        commands.sendEssential(text -> {
            numbersBegun = true;
            commands.startAt(Math.max(0, Answers.afterLastColon(text) - rewind), 0);
            onDone.run();
        });
    }
}
