package dev.recado.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What the programs of one client library must come through. They are started as {@code COMMAND PORT [ARGUMENT...]}:
 *
 * <ul>
 *   <li>{@code publish PORT LEDGER COUNT} publishes 0, 1, 2 … to the durable queue {@code jobs} and writes down what
 *       was confirmed, until that is all, whatever becomes of the broker;
 *   <li>{@code work PORT LEDGER} writes down each job before it acknowledges it, until it is killed;
 *   <li>{@code request PORT COUNT} asks a server that doubles numbers and prints how many answers it had and their sum;
 *   <li>{@code fan-out PORT COUNT} publishes to three subscribers and prints how many of them heard all in order.
 * </ul>
 */
@Timeout(value = 240, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class AmqpClientTrial {

    private static final int JOBS = 400;

    private final List<AmqpProgram> programs = new ArrayList<>();

    @WorkDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it before a test begins.
    Path work;

    private final Tool tool;
    private final List<String> program;

    /** With what must be there, and what starts a program before its first argument. */
    AmqpClientTrial(Tool tool, List<String> program) {
        this.tool = tool;
        this.program = program;
    }

    @BeforeEach
    void requireTool() {
        tool.require();
    }

    @AfterEach
    void endPrograms() {
        programs.forEach(AmqpProgram::close);
    }

    private List<String> command(String command, int port, Object... arguments) {
        List<String> words = new ArrayList<>(program);
        words.add(command);
        words.add(Integer.toString(port));
        for (Object argument : arguments) {
            words.add(argument.toString());
        }
        return words;
    }

    private AmqpProgram start(String command, int port, Object... arguments) throws IOException {
        AmqpProgram program = AmqpProgram.start(work, command, command(command, port, arguments));
        programs.add(program);
        return program;
    }

    private static Set<String> all(List<Path> ledgers) {
        Set<String> found = new TreeSet<>();
        ledgers.forEach(ledger -> found.addAll(AmqpProgram.lines(ledger)));
        return found;
    }

    private void await(String what, Path ledger, int count) {
        if (!Waiting.within(AmqpProgram.LIMIT, () -> AmqpProgram.lines(ledger).size() >= count)) {
            StringBuilder told = new StringBuilder(
                    what + ", but only " + AmqpProgram.lines(ledger).size());
            programs.forEach(program -> told.append("\n---\n").append(program.said()));
            throw new AssertionError(told.toString());
        }
    }

    @Test
    void shouldLoseNothingThatWasConfirmed() throws Exception {
        // Given
        Path confirmed = work.resolve("confirmed.txt");
        List<Path> done = List.of(work.resolve("done-1.txt"), work.resolve("done-2.txt"));
        int port = Ports.freeBelowEphemeral();
        BrokerProcess.Plan plan = BrokerProcess.in(work).amqpPort(port);
        try (BrokerProcess broker = plan.start()) {
            AmqpProgram publisher = start("publish", port, confirmed, JOBS);
            AmqpProgram first = start("work", port, done.get(0));
            await("jobs of the first worker", done.get(0), 30);
            start("work", port, done.get(1));

            // When
            first.killNine();
            await("jobs of the second worker", done.get(1), 30);
            broker.killNine();
            try (BrokerProcess again = broker.again()) {
                await("all confirmed", confirmed, JOBS);
                publisher.awaitEnd();
                Waiting.until(
                        "all jobs done", AmqpProgram.LIMIT, () -> all(done).size() >= JOBS);

                // Then
                Set<String> lost = new TreeSet<>(AmqpProgram.lines(confirmed));
                lost.removeAll(all(done));
                assertThat(new TreeSet<>(AmqpProgram.lines(confirmed))).hasSize(JOBS);
                assertThat(lost).isEmpty();
                assertThat(again.isAlive()).isTrue();
            }
        }
    }

    @Test
    void shouldAnswerRequests() throws Exception {
        assertThat(answer("request", 100)).isEqualTo("100 answers, sum 9900\n");
    }

    @Test
    void shouldFanOut() throws Exception {
        assertThat(answer("fan-out", 200)).isEqualTo("3 heard all\n");
    }

    /** What a program prints that is run to its end on a broker of its own. */
    final String answer(String command, Object... arguments) throws IOException {
        int port = Ports.freeBelowEphemeral();
        try (BrokerProcess broker = BrokerProcess.in(work).amqpPort(port).start()) {
            String answer = run(command, port, arguments);
            assertThat(broker.isAlive()).isTrue();
            return answer;
        }
    }

    /** What a program prints that is run to its end on the broker at {@code port}. */
    final String run(String command, int port, Object... arguments) throws IOException {
        return AmqpProgram.run(work, command, command(command, port, arguments));
    }
}
