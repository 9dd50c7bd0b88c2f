package dev.recado.bench.text;

import dev.recado.base.ByteWriter;
import dev.recado.bench.LoadPlan;
import dev.recado.transport.text.wire.CommandWriter;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A few commands before and after a run, one at a time; all together block up to a limit. */
final class TextAdmin implements AutoCloseable {

    private static final int CONNECT_MS = 5_000;

    private final Socket socket;
    private final long deadlineNanos;
    private final BufferedReader in;
    private final ByteWriter out = new ByteWriter(256);
    private final CommandWriter commands = new CommandWriter(out);

    private TextAdmin(Socket socket, long deadlineNanos) throws IOException {
        this.socket = socket;
        this.deadlineNanos = deadlineNanos;
        in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }

    static TextAdmin connect(LoadPlan.Address broker, long limitMs) throws IOException {
        long deadlineNanos = System.nanoTime() + limitMs * 1_000_000;
        Socket socket = broker.connect((int) Math.min(CONNECT_MS, limitMs));
        try {
            return new TextAdmin(socket, deadlineNanos);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    String ask(String verb, String... fields) throws IOException {
        commands.command(verb, fields);
        return answer();
    }

    String settings(String verb, Map<String, String> settings, String... fields) throws IOException {
        commands.settings(verb, settings, fields);
        return answer();
    }

    /** The lines up to the one that is a dot. */
    List<String> list(String verb) throws IOException {
        commands.command(verb);
        List<String> lines = new ArrayList<>();
        for (String line = answer(); !line.equals("."); line = readLine()) {
            lines.add(line);
            if (line.startsWith("ERROR:")) {
                return lines;
            }
        }
        return lines;
    }

    private String answer() throws IOException {
        socket.getOutputStream().write(out.array(), 0, out.size());
        out.clear();
        return readLine();
    }

    private String readLine() throws IOException {
        long leftMs = (deadlineNanos - System.nanoTime()) / 1_000_000;
        socket.setSoTimeout((int) Math.max(1, leftMs));
        String line = in.readLine();
        if (line == null) {
            throw new IOException("the broker closed the connection");
        }
        return line;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
