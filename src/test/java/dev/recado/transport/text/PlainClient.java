package dev.recado.transport.text;

import dev.recado.fuzz.Ear;
import dev.recado.fuzz.Peer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** One session of a {@link FuzzedNode} for a test that knows what it wants: lines in, answers and deliveries out. */
final class PlainClient implements Ear {

    private static final long ANSWER_S_MAX = 20;

    private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> delivered = new LinkedBlockingQueue<>();
    private final Peer peer;
    private final StringBuilder input = new StringBuilder();

    PlainClient(FuzzedNode node, int voice) {
        peer = node.open(voice, this);
    }

    void say(String text) throws Exception {
        peer.send((text + "\n").getBytes(StandardCharsets.ISO_8859_1));
    }

    String ask(String text) throws Exception {
        say(text);
        return answer();
    }

    /** The next answer; fails where none comes. */
    String answer() throws InterruptedException {
        String answer = answers.poll(ANSWER_S_MAX, TimeUnit.SECONDS);
        if (answer == null) {
            throw new AssertionError("no answer");
        }
        return answer;
    }

    /** The lines before the full stop that ends a list; empty where the answer is an error. */
    List<String> list(String text) throws Exception {
        List<String> lines = new ArrayList<>();
        String line = ask(text);
        while (!line.equals(".") && !line.startsWith("ERROR:")) {
            lines.add(line);
            line = answer();
        }
        return lines;
    }

    /** The next answer, or an empty text where none came for {@code ms}. */
    String answerWithin(long ms) throws InterruptedException {
        String answer = answers.poll(ms, TimeUnit.MILLISECONDS);
        return answer == null ? "" : answer;
    }

    /** Payloads delivered until all of {@code wanted} came and {@code quietMs} passed without another. */
    List<String> delivered(Set<String> wanted, long quietMs) throws InterruptedException {
        List<String> all = new ArrayList<>();
        Set<String> missing = new HashSet<>(wanted);
        boolean more = true;
        while (more) {
            long patienceMs = missing.isEmpty() ? quietMs : ANSWER_S_MAX * 1_000;
            String next = delivered.poll(patienceMs, TimeUnit.MILLISECONDS);
            more = next != null;
            if (more) {
                all.add(next);
                missing.remove(next);
            }
        }
        return all;
    }

    void leave() {
        peer.hangUp();
    }

    @Override
    public synchronized void feed(byte[] data, int start, int length) {
        input.append(new String(data, start, length, StandardCharsets.ISO_8859_1));
        while (takeOne()) {
            // Goes on with what is left.
        }
    }

    private boolean takeOne() {
        int end = input.indexOf("\n");
        boolean message = end > 0 && input.indexOf("MSG:") == 0;
        int length = message ? Integer.parseInt(input.substring(input.lastIndexOf(":", end) + 1, end)) : -1;
        int behind = end + length + 1;
        if (end < 0 || behind >= input.length()) {
            return false;
        }
        if (message) {
            delivered.add(input.substring(end + 1, behind));
        } else if (input.indexOf("END:") != 0) {
            answers.add(input.substring(0, end));
        }
        input.delete(0, behind + 1);
        return true;
    }

    @Override
    public void close() {
        answers.add("closed");
    }

    @Override
    public void fail(String what) {
        answers.add(what);
    }
}
