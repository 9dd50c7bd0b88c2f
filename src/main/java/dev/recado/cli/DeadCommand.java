package dev.recado.cli;

import dev.recado.base.ExitCode;
import dev.recado.base.Plural;
import dev.recado.client.Delivery;
import dev.recado.client.MessageId;
import dev.recado.client.RecadoClient;
import dev.recado.client.RecadoException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code recado dead …}. */
@Command(
        name = "dead",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = {
            "Looks at the dead letters of a topic, puts them back, or drops them.",
            "TOPIC is the topic that they died in, or the dead-letter topic itself: its name ends in .dead, or it"
                    + " begins with a dead letter. Of one whose letters go through an exchange to several topics, name"
                    + " one of these."
        })
final class DeadCommand {

    private static final int FAILURES_TOLD_MAX = 10;

    /** Which letters; mixed into the commands that choose. */
    static final class Choice {
        @Option(names = "--reason", paramLabel = "TEXT", description = "Only those with this reason.")
        @Nullable
        String reason;

        @Option(
                names = "--id",
                paramLabel = "ID",
                split = ",",
                description = "Only these, by their ids in the dead-letter topic; may be repeated.")
        List<String> ids = new ArrayList<>();

        boolean isEmpty() {
            return reason == null && ids.isEmpty();
        }

        boolean takes(DeadLetter letter) {
            return (reason == null || reason.equals(letter.reason())) && (ids.isEmpty() || ids.contains(letter.id()));
        }
    }

    private final Terminal terminal;

    @Spec
    @Nullable
    CommandSpec spec;

    DeadCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Lists the dead letters that nobody has requeued or dropped, of each dead-letter topic"
                    + " and partition the oldest first.")
    int list(
            @Mixin BrokerOptions broker,
            @Mixin OutputOptions output,
            @Mixin Choice choice,
            @Option(names = "--by-reason", description = "How many there are of each reason.") boolean byReason,
            @Option(
                            names = {"-n", "--count"},
                            paramLabel = "N",
                            defaultValue = "100",
                            description = "How many at most (default: ${DEFAULT-VALUE}).")
                    int count,
            @Mixin TopicArgument argument) {
        String topic = argument.topic();
        List<String> letters = new ArrayList<>();
        Map<String, Integer> reasons = new LinkedHashMap<>();
        Looked looked = broker.with(client -> forEach(client, topic, letter -> {
            if (choice.takes(letter)) {
                reasons.merge(letter.reason(), 1, Integer::sum);
                if (letters.size() < count) {
                    letters.add(letter.json());
                }
            }
        }));
        if (reasons.isEmpty() && looked.missed() == 0) {
            tellNone(output, choice, looked.in());
            return ExitCode.DONE;
        }
        if (byReason) {
            List<String> rows = reasons.entrySet().stream()
                    .map(entry -> Json.object(out -> {
                        out.writeStringField("reason", entry.getKey());
                        out.writeNumberField("count", entry.getValue());
                    }))
                    .toList();
            output.print(terminal, rows);
            return reached("list", looked.missed());
        }
        output.print(
                terminal,
                letters,
                new Table.Column("id"),
                new Table.Column("time"),
                new Table.Column("reason"),
                new Table.Column("group"),
                new Table.Column("offset"),
                new Table.Column("attempts"),
                new Table.Column("key"),
                new Table.Column("payload"));
        int all = reasons.values().stream().mapToInt(Integer::intValue).sum();
        if (all > letters.size()) {
            terminal.err().println("the first " + letters.size() + " of " + all + "; --count shows more");
        }
        return reached("list", looked.missed());
    }

    /** The exit code of a visit; tells what it has not reached. */
    private int reached(String command, long missed) {
        if (missed == 0) {
            return ExitCode.DONE;
        }
        terminal.err()
                .println("recado dead " + command + ": did not reach " + Plural.of(missed, "dead letter")
                        + ", which another command has or the broker did not hand out; try again");
        return ExitCode.FAILED;
    }

    private void tellAbsent(String command, String ids, String topic) {
        terminal.err().println("recado dead " + command + ": no dead letter " + ids + " of " + topic);
    }

    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description =
                    "Shows all of one dead letter; where groups name several dead-letter topics, of the one in each.")
    int show(@Mixin BrokerOptions broker, @Mixin OutputOptions output, @Mixin TopicArgument.AndId argument) {
        String topic = argument.topic();
        String id = argument.id();
        List<String> found = new ArrayList<>();
        Looked looked = broker.with(client -> forEach(client, topic, letter -> {
            if (letter.id().equals(id)) {
                found.add(letter.json());
            }
        }));
        if (found.isEmpty()) {
            tellAbsent("show", id, topic);
            reached("show", looked.missed());
            return ExitCode.FAILED;
        }
        output.printOne(terminal, found);
        return ExitCode.DONE;
    }

    @Command(
            name = "requeue",
            mixinStandardHelpOptions = true,
            description = {
                "Publishes dead letters to the topic that they died in, with their key and headers, and takes them from"
                        + " the dead letters once they are stored there. All groups of the topic get them.",
                "A letter that was stored and not yet taken away when this is killed is published again by the next."
            })
    int requeue(
            @Mixin BrokerOptions broker,
            @Mixin OutputOptions output,
            @Mixin Choice choice,
            @Option(
                            names = "--rate",
                            paramLabel = "N",
                            defaultValue = "0",
                            description = "How many a second at most (default: as fast as it goes).")
                    double rate,
            @Option(names = "--to", paramLabel = "TOPIC", description = "Publish there instead.") @Nullable String to,
            @Mixin TopicArgument argument) {
        String topic = argument.topic();
        if (rate < 0) {
            throw wrong("requeue", "--rate takes a number from 0 on");
        }
        Settling settling = new Settling(choice, rate);
        broker.with(client -> settle(client, topic, settling, (letter, delivery) -> {
            String target = to == null ? letter.topic() : to;
            if (target.isEmpty()) {
                return CompletableFuture.failedFuture(new RecadoException(
                        RecadoException.Kind.REFUSED, "no header dead-topic; name a topic with --to"));
            }
            return client.publish(target, letter.key(), letter.headers(), letter.payload());
        }));
        return settling.tell("requeue", "requeued", topic, output);
    }

    @Command(name = "drop", mixinStandardHelpOptions = true, description = "Takes dead letters away for good.")
    int drop(
            @Mixin BrokerOptions broker,
            @Mixin OutputOptions output,
            @Mixin Choice choice,
            @Option(names = "--all", description = "All of them; needed where neither --reason nor --id is given.")
                    boolean all,
            @Mixin TopicArgument argument) {
        String topic = argument.topic();
        if (choice.isEmpty() != all) {
            throw wrong("drop", "give --reason or --id, or --all for all of them");
        }
        Settling settling = new Settling(choice, 0);
        broker.with(client -> settle(
                client, topic, settling, (letter, delivery) -> CompletableFuture.completedFuture(delivery.id())));
        return settling.tell("drop", "dropped", topic, output);
    }

    private ParameterException wrong(String command, String text) {
        CommandSpec dead = Objects.requireNonNull(spec, "picocli fills it before the command runs");
        return new ParameterException(Objects.requireNonNull(dead.subcommands().get(command), command), text);
    }

    /** Where was looked, and how many letters were not reached there. */
    private record Looked(List<DeadLetters> in, long missed) {}

    private static Looked forEach(RecadoClient client, String topic, Consumer<DeadLetter> eye) {
        try {
            List<DeadLetters> all = DeadLetters.of(client, topic);
            long missed = 0;
            for (DeadLetters letters : all) {
                missed += letters.forEach(eye);
            }
            return new Looked(all, missed);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** Tells people where nothing was found. */
    private void tellNone(OutputOptions output, Choice choice, List<DeadLetters> in) {
        if (!output.isJson()) {
            String where = in.stream().map(DeadLetters::where).collect(Collectors.joining(", "));
            terminal.err().println((choice.isEmpty() ? "no dead letters in " : "no such dead letters in ") + where);
        }
    }

    private static RecadoException interrupted(InterruptedException why) {
        Thread.currentThread().interrupt();
        return new RecadoException(RecadoException.Kind.CLOSED, "interrupted", why);
    }

    /** How a letter is done with; what it answers must be durable. */
    private interface Deed {
        CompletableFuture<MessageId> on(DeadLetter letter, Delivery delivery);
    }

    private static boolean settle(RecadoClient client, String topic, Settling settling, Deed deed) {
        try {
            settling.in = DeadLetters.of(client, topic);
            for (DeadLetters letters : settling.in) {
                if (letters.open()) {
                    settling.missed += letters.visit(settling.by(deed));
                    settling.left += letters.left();
                }
            }
            return true;
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** Settles what is chosen, at a pace, and counts. */
    private final class Settling {
        private final Choice choice;
        private final long gapNanos;
        /** What the pace is waited with: an interrupt ends it. */
        private final CountDownLatch never = new CountDownLatch(1);

        private final AtomicLong done = new AtomicLong();
        private final AtomicLong failed = new AtomicLong();
        /** Of the ids that were asked for, those that were not met. */
        private final Set<String> absent;

        private final Queue<CompletableFuture<MessageId>> pending = new ConcurrentLinkedQueue<>();
        private List<DeadLetters> in = List.of();
        private long missed;
        private long left;
        private long nextNanos = System.nanoTime();

        Settling(Choice choice, double rate) {
            this.choice = choice;
            absent = Collections.synchronizedSet(new LinkedHashSet<>(choice.ids));
            gapNanos = rate > 0 ? (long) (TimeUnit.SECONDS.toNanos(1) / rate) : 0;
        }

        DeadLetterVisit.Work by(Deed deed) {
            return new DeadLetterVisit.Work() {
                @Override
                public void pace(DeadLetter letter) throws InterruptedException {
                    if (gapNanos > 0 && choice.takes(letter)) {
                        long waitNanos = nextNanos - System.nanoTime();
                        nextNanos = Math.max(nextNanos, System.nanoTime()) + gapNanos;
                        never.await(Math.max(0, waitNanos), TimeUnit.NANOSECONDS);
                    }
                }

                /** The letter is acknowledged only once the deed is durable. */
                @Override
                public boolean on(DeadLetter letter, Delivery delivery) {
                    absent.remove(letter.id());
                    if (!choice.takes(letter)) {
                        return false;
                    }
                    forgetDone();
                    pending.add(deed.on(letter, delivery).handle((stored, why) -> {
                        if (why == null) {
                            delivery.ack();
                            done.incrementAndGet();
                            return stored;
                        }
                        delivery.setAside();
                        if (failed.incrementAndGet() <= FAILURES_TOLD_MAX) {
                            terminal.err()
                                    .println("left as it is: id=" + letter.id() + " "
                                            + RecadoClient.unwrap(why).text());
                        }
                        return stored;
                    }));
                    return true;
                }

                private void forgetDone() {
                    for (CompletableFuture<MessageId> first = pending.peek();
                            first != null && first.isDone();
                            first = pending.peek()) {
                        pending.remove();
                    }
                }

                @Override
                public boolean isUnderWay() {
                    return pending.stream().anyMatch(one -> !one.isDone());
                }

                @Override
                public void finish() {
                    pending.forEach(CompletableFuture::join);
                    pending.clear();
                }
            };
        }

        int tell(String command, String past, String topic, OutputOptions output) {
            String text = past + " " + Plural.of(done.get(), "dead letter") + " of " + topic + ", left " + left;
            output.done(terminal, text, out -> {
                out.writeStringField("done", past);
                out.writeStringField("topic", topic);
                out.writeNumberField("count", done.get());
                out.writeNumberField("left", left);
            });
            if (done.get() + failed.get() + left + missed == 0 && absent.isEmpty()) {
                tellNone(output, choice, in);
            }
            int code = reached(command, missed);
            if (!absent.isEmpty()) {
                tellAbsent(command, String.join(", ", absent), topic);
                code = ExitCode.FAILED;
            }
            if (failed.get() > 0) {
                terminal.err().println("recado dead " + command + ": " + failed + " could not be done");
                code = ExitCode.FAILED;
            }
            return code;
        }
    }
}
