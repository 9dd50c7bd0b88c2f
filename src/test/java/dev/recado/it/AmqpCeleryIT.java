package dev.recado.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An application of celery, unchanged, as it would run against any other broker of AMQP 0-9-1. */
@Timeout(value = 240, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AmqpCeleryIT {

    private static final int CALLS = 60;

    private final List<AmqpProgram> programs = new ArrayList<>();

    @WorkDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it before a test begins.
    Path work;

    private int port;

    @BeforeEach
    void prepare() throws IOException {
        Tool.CELERY.require();
        port = Ports.freeBelowEphemeral();
    }

    @AfterEach
    void endPrograms() {
        programs.forEach(AmqpProgram::close);
    }

    private Map<String, String> environment() {
        return Map.of(
                "BROKER",
                "amqp://guest:guest@127.0.0.1:" + port + "//",
                "C_FORCE_ROOT",
                "1",
                "PYTHONPATH",
                AmqpProgram.source("celery", "").toString());
    }

    private AmqpProgram start(String name, String... command) throws IOException {
        AmqpProgram program = AmqpProgram.start(work, name, List.of(command), environment());
        programs.add(program);
        return program;
    }

    /** A worker of two processes, each of which may have two tasks before it. */
    private AmqpProgram worker(String name) throws IOException {
        return start(
                "worker",
                "/usr/bin/python3",
                "-m",
                "celery",
                "-A",
                "jobs",
                "worker",
                "-c",
                "2",
                "-n",
                name,
                "-l",
                "info");
    }

    private AmqpProgram call(Object... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                "/usr/bin/python3", AmqpProgram.source("celery", "caller.py").toString()));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        return start("caller", command.toArray(new String[0]));
    }

    private String answer(Object... arguments) throws IOException {
        AmqpProgram caller = call(arguments);
        caller.awaitEnd();
        return caller.said();
    }

    private void await(Path ledger, int count) {
        if (!Waiting.within(AmqpProgram.LIMIT, () -> distinct(ledger).size() >= count)) {
            StringBuilder told = new StringBuilder("only " + distinct(ledger).size() + " of " + count);
            programs.forEach(program -> told.append("\n---\n").append(program.said()));
            throw new AssertionError(told.toString());
        }
    }

    private static Set<String> distinct(Path ledger) {
        return new TreeSet<>(AmqpProgram.lines(ledger));
    }

    @Test
    void shouldAnswerAWorkersCallers() throws Exception {
        try (BrokerProcess broker = BrokerProcess.in(work).amqpPort(port).start()) {
            // Given
            Path done = work.resolve("done.txt");
            worker("one@here");

            // When
            String pong = answer("ping");
            String answers = answer("request", 20);
            answer("call", done, work.resolve("called.txt"), "stubborn", 0, 10, 0);

            // Then
            assertThat(pong).isEqualTo("{'one@here': {'ok': 'pong'}}\n");
            assertThat(answers).isEqualTo("20 answers, sum 380\n");
            await(done, 10);
            assertThat(broker.isAlive()).isTrue();
        }
    }

    /** Each task that waits for its time has the worker ask for one more message on the consumer that runs. */
    @Test
    void shouldRunTasksInTheirTimeWhateverDies() throws Exception {
        Path called = work.resolve("called.txt");
        Path done = work.resolve("done.txt");
        try (BrokerProcess broker = BrokerProcess.in(work).amqpPort(port).start()) {
            // Given
            AmqpProgram first = worker("one@here");
            assertThat(answer("ping")).contains("pong");
            answer("call", done, called, "record", 0, CALLS / 3, 1);
            await(done, CALLS / 3);

            // When
            answer("call", done, called, "record", CALLS / 3, CALLS / 3, 1);
            first.killNine();
            worker("two@here");
            AmqpProgram caller = call("call", done, called, "record", 2 * CALLS / 3, CALLS / 3, 2);
            Waiting.until(
                    "some more calls",
                    AmqpProgram.LIMIT,
                    () -> AmqpProgram.lines(called).size() > 2 * CALLS / 3 + 5);
            broker.killNine();
            try (BrokerProcess again = broker.again()) {
                caller.awaitEnd();
                await(done, CALLS);

                // Then
                assertThat(distinct(called)).hasSize(CALLS);
                assertThat(distinct(done)).containsAll(distinct(called));
                assertThat(answer("ping")).contains("two@here");
                assertThat(again.isAlive()).isTrue();
            }
        }
    }
}
