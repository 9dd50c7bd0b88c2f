package dev.recado.it;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A socket in a process of its own: one of the peer programs in {@code src/test/resources/zmq}. */
final class DriverSocket implements ZmqSocket {

    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(20);
    private static final Duration END_LIMIT = Duration.ofSeconds(10);
    private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

    static {
        // The last resort where a test was cut off before it could close what it had started.
        Runtime.getRuntime().addShutdownHook(new Thread(() -> RUNNING.forEach(Process::destroyForcibly)));
    }

    private final String name;
    private final Process process;
    private final OutputStream input;
    private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();

    private DriverSocket(String name, Process process) {
        this.name = name;
        this.process = process;
        input = process.getOutputStream();
        Thread reader = new Thread(this::readAnswers, name + " answers");
        reader.setDaemon(true);
        reader.start();
    }

    static DriverSocket start(List<String> program, ZmqSpec spec, String endpoint) throws IOException {
        List<String> command = new ArrayList<>(program);
        command.add(spec.type());
        spec.options().forEach((option, value) -> command.add(option + "=" + value));
        command.add(endpoint);
        Process process = new ProcessBuilder(command)
                .directory(ZmqPrograms.home().toFile())
                .redirectError(Redirect.INHERIT)
                .start();
        RUNNING.add(process);
        DriverSocket socket = new DriverSocket(program.get(program.size() - 1) + " " + spec.type(), process);
        socket.expect("ok", socket.answer());
        return socket;
    }

    private void readAnswers() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.US_ASCII)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                answers.add(line);
            }
        } catch (IOException ended) {
            // A process that was killed closes its output; who waits for an answer hears of it below.
        }
        answers.add("error the program ended");
    }

    private String ask(String line) {
        try {
            input.write((line + "\n").getBytes(StandardCharsets.US_ASCII));
            input.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(name + " has ended", e);
        }
        return answer();
    }

    private String answer() {
        try {
            String answer = answers.poll(ANSWER_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            if (answer == null) {
                throw new AssertionError(name + " does not answer");
            }
            return answer;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for " + name, e);
        }
    }

    private void expect(String expected, String answer) {
        if (!answer.equals(expected)) {
            throw new AssertionError(name + " answered " + answer);
        }
    }

    @Override
    public boolean send(String... frames) {
        String answer =
                ask("send " + Arrays.stream(frames).map(DriverSocket::hex).collect(Collectors.joining(" ")));
        if (answer.equals("full")) {
            return false;
        }
        expect("ok", answer);
        return true;
    }

    @Override
    public @Nullable List<String> receive(Duration patience) {
        String answer = ask("recv " + patience.toMillis());
        if (answer.equals("none")) {
            return null;
        }
        String[] words = answer.split(" ", -1);
        expect("msg", words[0]);
        return Arrays.stream(words, 1, words.length).map(DriverSocket::text).toList();
    }

    @Override
    public void subscribe(String prefix) {
        expect("ok", ask("sub " + hex(prefix)));
    }

    @Override
    public void unsubscribe(String prefix) {
        expect("ok", ask("unsub " + hex(prefix)));
    }

    private static String hex(String frame) {
        return frame.isEmpty() ? "-" : HexFormat.of().formatHex(frame.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String text(String hex) {
        return hex.equals("-") ? "" : new String(HexFormat.of().parseHex(hex), StandardCharsets.ISO_8859_1);
    }

    /** Does what only some programs know. */
    void order(String line) {
        expect("ok", ask(line));
    }

    /** Sends the program a signal, as in {@code STOP}. */
    void signal(String name) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
        if (kill.waitFor() != 0) {
            throw new AssertionError("could not signal " + this);
        }
    }

    /** Waits a while for what the socket has yet to send; a broker that is gone would keep the program for ever. */
    @Override
    public void close() {
        try {
            input.close();
            process.waitFor(END_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (IOException ended) {
            // It was killed before.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        kill();
    }

    @Override
    public void kill() {
        process.destroyForcibly();
        RUNNING.remove(process);
    }

    @Override
    public String toString() {
        return name;
    }
}
