package dev.recado.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.recado.base.ByteWriter;
import dev.recado.base.PercentCodec;
import dev.recado.client.FakeTextServer.Group;
import dev.recado.client.FakeTextServer.Stored;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One connection of {@link FakeTextServer}: its own thread reads commands and answers each at once. */
final class FakeTextSession extends Thread {

    private static final byte[] NOTHING = {};

    private record Sub(long sid, String topic, String group, int credit, List<String> options, int[] unspent) {
        boolean spends() {
            return options.contains("spend");
        }
    }

    private record Asked(FakeTextSession by) {}

    private static final Map<String, ArrayDeque<Asked>> ASKED = new TreeMap<>();

    private final FakeTextServer server;
    private final Socket socket;
    private final List<Sub> subs = new ArrayList<>();
    private final Set<Long> ceased = new HashSet<>();
    private String producer = "";
    private long sequence = -1;
    private boolean ranges;
    private long runFirst = -1;
    private long runLast;
    private long sids;

    FakeTextSession(FakeTextServer server, Socket socket) {
        super("fake-session");
        this.server = server;
        this.socket = socket;
        setDaemon(true);
    }

    void cut() {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            return;
        }
    }

    @Override
    public void run() {
        try (socket;
                InputStream in = new BufferedInputStream(socket.getInputStream(), 1 << 16)) {
            for (String line = line(in); line != null; line = line(in)) {
                byte[] payload = NOTHING;
                if (line.matches("(PUB|XPUB|REQ|REPLY):.*")) {
                    payload = in.readNBytes(Integer.parseInt(line.substring(line.lastIndexOf(':') + 1)));
                    in.read();
                }
                synchronized (server) {
                    on(line, payload);
                    if (in.available() == 0) {
                        endRun();
                    }
                }
            }
        } catch (IOException e) {
            return;
        } finally {
            server.closed(this);
        }
    }

    private static @Nullable String line(InputStream in) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                return null;
            }
            bytes.write(b);
        }
        return bytes.toString(UTF_8);
    }

    private void on(String line, byte[] payload) throws IOException {
        String[] field = line.split(":", -1);
        if (!field[0].equals("PUB")) {
            endRun();
            server.commands.add(line);
        }
        switch (field[0]) {
            case "HELLO" -> say("OK:HELLO:fake 1:n1");
            case "AUTH" -> say(field[2].equals("good") ? "OK:AUTH" : "ERROR:Not authenticated");
            case "NAMESPACE" -> onNamespace(field, line);
            case "CONFIRM" -> {
                ranges = field[1].equals("RANGE");
                say("OK:CONFIRM");
            }
            case "PRODUCER" -> onProducer(field[1], Long.parseLong(field[2]));
            case "PUB" -> onPublish(field, payload);
            case "XPUB" -> {
                sequence++;
                say("OK:ROUTED:2");
            }
            case "SUB" -> onSubscribe(field);
            case "ACK", "ACK!", "NACK", "REJECT" -> onSettle(field);
            case "CREDIT" -> {
                long sid = Long.parseLong(field[1]);
                subs.stream()
                        .filter(sub -> sub.sid() == sid)
                        .forEach(sub -> sub.unspent()[0] += Integer.parseInt(field[2]));
                deliver();
            }
            case "EXTEND" -> say("OK:EXTEND:" + field[1] + ":" + field[2]);
            case "CEASE" -> onCease(field);
            case "UNSUB" -> {
                subs.stream()
                        .filter(sub -> sub.sid() == Long.parseLong(field[1]))
                        .forEach(sub -> server.giveBack(server.group(sub.topic(), sub.group()), this));
                subs.removeIf(sub -> sub.sid() == Long.parseLong(field[1]));
                say("OK:UNSUB:" + field[1]);
            }
            case "REQ" -> onRequest(field[1], payload);
            case "REPLY" -> onReply(field, payload);
            case "PING" -> say("PONG");
            case "QUIT" -> socket.close();
            default -> onOther(field, line);
        }
    }

    private void onCease(String[] field) throws IOException {
        if (server.ceaseless) {
            say("ERROR:Unknown command: CEASE");
        } else {
            ceased.add(Long.parseLong(field[1]));
            say("OK:CEASE:" + field[1]);
        }
    }

    private void onNamespace(String[] field, String line) throws IOException {
        if (field[1].equals("LIST") || server.lists.containsKey(line)) {
            onOther(field, line);
        } else {
            say(field[2].equals("nowhere") ? "ERROR:Not found: namespace=nowhere" : "OK:" + line);
        }
    }

    private void onOther(String[] field, String line) throws IOException {
        ArrayDeque<List<String>> told = server.lists.get(line);
        if (told != null) {
            list(told.size() > 1 ? told.remove() : told.element());
        } else if (line.startsWith("SESSION:CLOSE:")) {
            say("OK:SESSION:CLOSE:" + field[2]);
        } else if (line.equals("TOPIC:LIST")) {
            for (Map.Entry<String, List<Stored>> topic : server.topics.entrySet()) {
                boolean isQueue =
                        server.descriptions.getOrDefault(topic.getKey(), "").contains("\"kind\":\"queue\"");
                say("{\"name\":\"" + topic.getKey() + "\",\"kind\":\"" + (isQueue ? "queue" : "log")
                        + "\",\"messages\":" + topic.getValue().size() + "}");
            }
            say(".");
        } else if (field[0].equals("BROWSE")) {
            browse(field[1]);
            say(".");
        } else if (line.startsWith("GROUP:LIST:")) {
            groups(field[2]);
        } else if (line.startsWith("GROUP:CREATE:")) {
            server.group(field[2], field[3]);
            say("OK:GROUP:" + field[3]);
        } else if (line.startsWith("GROUP:RESET:")) {
            say("OK:GROUP:" + field[3]);
        } else if (line.startsWith("GROUP:DELETE:")) {
            server.groups.remove(field[2] + "/" + field[3]);
            say("OK:GROUP:" + field[3]);
        } else if (line.equals("EXCHANGE:LIST")) {
            for (String exchange : server.exchanges) {
                say(exchange);
            }
            say(".");
        } else if (line.matches("(EXCHANGE:(CREATE|BIND|UNBIND)|BIND|UNBIND):.*")) {
            say("OK:" + field[0]);
        } else if (line.equals("STATS")) {
            say("sessions 1");
            say(".");
        } else if (line.startsWith("TOPIC:DESCRIBE:")) {
            String made = "{\"name\":\"%s\",\"kind\":\"log\",\"durability\":\"fsync\",\"partitions\":1,"
                    + "\"limit.messages\":2,\"overflow\":\"block\",\"rate\":0.5,\"kept\":%d,\"backlog\":2,"
                    + "\"oldest\":-1,\"groups\":[]}";
            int kept = server.topics.getOrDefault(field[2], List.of()).size();
            say(server.descriptions.getOrDefault(field[2], made.formatted(field[2], kept)));
            say(".");
        } else if (line.startsWith("TOPIC:CREATE:")) {
            server.topics.putIfAbsent(field[2], new ArrayList<>());
            say("OK:TOPIC:" + field[2]);
        } else if (line.startsWith("TOPIC:DELETE:")) {
            say(server.topics.remove(field[2]) != null ? "OK:TOPIC:" + field[2] : "ERROR:Topic not found: " + field[2]);
            endSubscriptions(field[2]);
        } else {
            say("ERROR:Unknown command: " + field[0]);
        }
    }

    private void groups(String topic) throws IOException {
        for (Map.Entry<String, Group> group : server.groups.entrySet()) {
            if (group.getKey().startsWith(topic + "/")) {
                int backlog =
                        server.topics.get(topic).size() - group.getValue().acked.size();
                String target = group.getValue().deadLetter;
                say("{\"name\":\"%s\",\"ready\":%d,\"backlog\":%d%s}"
                        .formatted(
                                group.getKey().substring(topic.length() + 1),
                                backlog - group.getValue().held.size(),
                                backlog,
                                target == null ? "" : ",\"dead-letter\":\"" + target + "\""));
            }
        }
        say(".");
    }

    private void list(List<String> lines) throws IOException {
        for (String each : lines) {
            say(each);
        }
        if (lines.isEmpty() || !lines.get(0).startsWith("ERROR:")) {
            say(".");
        }
    }

    private void browse(String topic) throws IOException {
        int at = 0;
        for (Stored stored : server.topics.getOrDefault(topic, List.of())) {
            String headers = stored.headers().isEmpty()
                    ? ""
                    : ",\"headers\":{\""
                            + stored.headers().replace("=", "\":\"").replace("&", "\",\"") + "\"}";
            say("{\"id\":\"" + at++ + "\"" + headers + ",\"payload\":\"" + new String(stored.payload(), UTF_8) + "\"}");
        }
    }

    private static void endSubscriptions(FakeTextSession session, String topic) throws IOException {
        for (Sub sub : List.copyOf(session.subs)) {
            if (sub.topic().equals(topic)) {
                session.subs.remove(sub);
                session.say("END:" + sub.sid() + ":topic deleted");
            }
        }
    }

    private void endSubscriptions(String topic) throws IOException {
        for (FakeTextSession session : List.copyOf(server.sessions)) {
            endSubscriptions(session, topic);
        }
    }

    private void onProducer(String id, long next) throws IOException {
        producer = id;
        sequence = next;
        Map<Long, Long> known = server.producers.computeIfAbsent(id, name -> new TreeMap<>());
        long highest = known.keySet().stream().mapToLong(Long::longValue).max().orElse(next - 1);
        say("OK:PRODUCER:" + id + ":" + (highest + 1));
    }

    private void onPublish(String[] field, byte[] payload) throws IOException {
        long number = sequence++;
        if (server.cutAfter >= 0 && server.cutAfter-- == 0) {
            store(field, payload, number);
            cut();
            return;
        }
        if (server.mute) {
            return;
        }
        if (server.refusals > 0) {
            server.refusals--;
            endRun();
            say("ERROR:" + server.refusal + " seq=" + number);
            return;
        }
        long offset = store(field, payload, number);
        if (ranges && runFirst >= 0 && offset == runLast + 1) {
            runLast = offset;
        } else {
            endRun();
            runFirst = offset;
            runLast = offset;
        }
        if (!ranges) {
            endRun();
        }
        server.dispatch();
    }

    private long store(String[] field, byte[] payload, long number) {
        Map<Long, Long> known = server.producers.computeIfAbsent(producer, name -> new TreeMap<>());
        Long before = known.get(number);
        if (before != null) {
            server.duplicates++;
            return before;
        }
        List<Stored> topic = server.topics.computeIfAbsent(field[1], name -> new ArrayList<>());
        boolean rich = field.length == 5;
        topic.add(new Stored(rich ? field[2] : "", rich ? field[3] : "", payload));
        known.put(number, topic.size() - 1L);
        return topic.size() - 1L;
    }

    private void endRun() throws IOException {
        if (runFirst >= 0) {
            say(runFirst == runLast ? "OK:MSG_ID:" + runFirst : "OK:MSG_IDS:" + runFirst + ":" + runLast);
            runFirst = -1;
        }
    }

    private void onSubscribe(String[] field) throws IOException {
        if (field[1].equals("forbidden")) {
            say("ERROR:Not authorized");
            return;
        }
        int credit = field[3].equals("auto") ? Integer.MAX_VALUE : Integer.parseInt(field[3]);
        List<String> options = field.length > 5 ? List.of(field[5].split("&")) : List.of();
        if (!options.isEmpty() && server.optionless) {
            say("ERROR:Invalid argument: SUB:<topic>:<group>[:<credit>[:<from>]]");
            return;
        }
        String group = field[2].isEmpty() ? "auto-1" : field[2];
        subs.add(new Sub(++sids, field[1], group, credit, options, new int[] {credit}));
        say("OK:SUB:" + sids);
        deliver();
    }

    /** Delivers what credit allows; called with the server's lock. */
    void deliver() {
        for (Sub sub : subs) {
            if (ceased.contains(sub.sid())) {
                continue;
            }
            Group group = server.group(sub.topic(), sub.group());
            List<Stored> topic = server.topics.getOrDefault(sub.topic(), List.of());
            long held = group.held.values().stream().filter(by -> by == this).count();
            while ((sub.spends() ? sub.unspent()[0] > 0 : held < sub.credit())
                    && (!group.returned.isEmpty() || group.next < Math.min(topic.size(), group.end))) {
                held++;
                sub.unspent()[0]--;
                Long back = group.returned.pollFirst();
                long offset = back == null ? group.next++ : back;
                group.held.put(offset, this);
                int attempt = group.attempts.merge(offset, 1, Integer::sum);
                try {
                    deliver(sub, offset, attempt, topic.get((int) offset));
                } catch (IOException e) {
                    return;
                }
            }
        }
    }

    private void deliver(Sub sub, long offset, int attempt, Stored stored) throws IOException {
        boolean rich = !stored.key().isEmpty() || !stored.headers().isEmpty();
        String time = sub.options().contains("time") ? "1700000000000:" : "";
        String more = time + (rich ? stored.key() + ":" + stored.headers() + ":" : "");
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.writeBytes(
                ("MSG:" + sub.sid() + ":" + offset + ":" + attempt + ":" + more + stored.payload().length + "\n")
                        .getBytes(UTF_8));
        frame.writeBytes(stored.payload());
        frame.write('\n');
        socket.getOutputStream().write(frame.toByteArray());
    }

    private Group groupOf(String sid) {
        long number = Long.parseLong(sid);
        Sub sub = subs.stream().filter(each -> each.sid() == number).findFirst().orElseThrow();
        return server.group(sub.topic(), sub.group());
    }

    private void onSettle(String[] field) throws IOException {
        Group group = groupOf(field[1]);
        long offset = Long.parseLong(field[2]);
        if (group.held.remove(offset, this)) {
            if (field[0].equals("NACK")) {
                group.returned.add(offset);
            } else {
                group.acked.add(offset);
            }
        }
        if (field[0].equals("ACK!")) {
            say("ACKED:" + field[1] + ":" + field[2]);
        }
        deliver();
    }

    private void onRequest(String topic, byte[] payload) throws IOException {
        if (topic.equals("nobody")) {
            say("ERROR:Timeout: nobody answered");
            return;
        }
        List<Stored> stored = server.topics.computeIfAbsent(topic, name -> new ArrayList<>());
        stored.add(new Stored("", "reply-to=" + encoded("inbox:1"), payload));
        ASKED.computeIfAbsent(server.address() + topic + (stored.size() - 1), name -> new ArrayDeque<>())
                .add(new Asked(this));
        server.dispatch();
    }

    private void onReply(String[] field, byte[] payload) throws IOException {
        long sid = Long.parseLong(field[1]);
        Sub sub = subs.stream().filter(each -> each.sid() == sid).findFirst().orElseThrow();
        Asked asked = Objects.requireNonNull(ASKED.get(server.address() + sub.topic() + field[2]))
                .remove();
        server.group(sub.topic(), sub.group()).held.remove(Long.parseLong(field[2]));
        asked.by()
                .socket
                .getOutputStream()
                .write(("REP:" + payload.length + "\n" + new String(payload, UTF_8) + "\n").getBytes(UTF_8));
    }

    private static String encoded(String value) {
        ByteWriter out = new ByteWriter(16);
        PercentCodec.encode(out, value);
        return new String(out.toByteArray(), UTF_8);
    }

    void say(String line) throws IOException {
        socket.getOutputStream().write((line + "\n").getBytes(UTF_8));
    }
}
