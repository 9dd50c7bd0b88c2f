package dev.recado.bench.text;

import dev.recado.bench.LoadException;
import dev.recado.bench.LoadPlan;
import dev.recado.bench.LoadTransport;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Load over the text protocol. */
public final class TextLoad implements LoadTransport {

    private static final String TAP = "*";
    /** The only group that a queue topic has. */
    private static final String QUEUE = "queue";

    private static final long PREPARE_MS = 60_000;

    @Override
    public String name() {
        return "text";
    }

    @Override
    public boolean hasTopics() {
        return true;
    }

    @Override
    public List<String> kinds() {
        return List.of("log", QUEUE);
    }

    @Override
    public boolean numbersPublishes() {
        return true;
    }

    @Override
    public @Nullable String cannot(LoadPlan plan) {
        if (!isQueue(plan)) {
            return null;
        }
        if (plan.consuming().groups() > 1) {
            return "a queue has one group: leave out --groups";
        }
        return plan.consuming().tap() ? "a queue has no taps" : null;
    }

    @Override
    public LoadPlan.Endpoints endpoints(boolean tap) {
        return LoadPlan.Endpoints.both(new LoadPlan.Address("127.0.0.1", 8080));
    }

    @Override
    public void prepare(LoadPlan plan) throws IOException {
        try (TextAdmin admin = admin(plan, PREPARE_MS)) {
            Map<String, String> settings = new LinkedHashMap<>();
            settings.put("kind", plan.topics().kind());
            settings.put("durability", plan.topics().durability());
            settings.put("partitions", Integer.toString(plan.topics().partitions()));
            for (int topic = 0; topic < plan.topics().count(); topic++) {
                String answer =
                        admin.settings("TOPIC:CREATE", settings, plan.topics().name(topic));
                boolean differs = answer.startsWith("ERROR:Topic exists");
                if (differs && !plan.topics().temporary()) {
                    throw new LoadException("topic " + plan.topics().name(topic)
                            + " exists with other settings than --kind, --durability and --partitions say");
                }
                requireOk(answer);
            }
        }
    }

    @Override
    public Map<String, String> finish(LoadPlan plan, long limitMs) throws IOException {
        try (TextAdmin admin = admin(plan, limitMs)) {
            Map<String, String> figures = new LinkedHashMap<>();
            for (String line : admin.list("STATS")) {
                int equals = line.indexOf('=');
                if (equals > 0) {
                    figures.put(line.substring(0, equals), line.substring(equals + 1));
                }
            }
            for (int topic = 0; topic < plan.topics().count(); topic++) {
                String name = plan.topics().name(topic);
                if (plan.topics().temporary()) {
                    requireOk(admin.ask("TOPIC:DELETE", name));
                } else if (!plan.consuming().tap() && !isQueue(plan)) {
                    deleteGroups(plan, admin, name);
                }
            }
            return figures;
        }
    }

    private static TextAdmin admin(LoadPlan plan, long limitMs) throws IOException {
        TextAdmin admin = TextAdmin.connect(plan.setup().endpoints().publishers(), limitMs);
        if (!plan.setup().isElsewhere()) {
            return admin;
        }
        try {
            requireOk(admin.ask("NAMESPACE:USE", plan.setup().namespace()));
            return admin;
        } catch (IOException | RuntimeException e) {
            admin.close();
            throw e;
        }
    }

    private static void deleteGroups(LoadPlan plan, TextAdmin admin, String topic) throws IOException {
        for (int group = 0; group < plan.consuming().copies(); group++) {
            requireOk(admin.ask("GROUP:DELETE", topic, group(plan, group)));
        }
    }

    private static void requireOk(String answer) {
        if (!answer.startsWith("OK")) {
            throw new LoadException("broker says: " + answer);
        }
    }

    @Override
    public PublishEncoder publisher(LoadPlan plan, int publisher) {
        return new TextPublishEncoder(plan, publisher);
    }

    @Override
    public ConfirmDecoder confirms(LoadPlan plan) {
        return new TextConfirmDecoder(
                1 + (plan.isNumbered() ? 1 : 0) + (plan.setup().isElsewhere() ? 1 : 0));
    }

    @Override
    public ConsumerCodec consumer(LoadPlan plan, int group, int member) {
        return new TextConsumerCodec(plan, group(plan, group));
    }

    private static String group(LoadPlan plan, int group) {
        if (plan.consuming().tap()) {
            return TAP;
        }
        return isQueue(plan)
                ? QUEUE
                : "bench-" + Integer.toHexString(plan.setup().run()) + "-g" + (group + 1);
    }

    private static boolean isQueue(LoadPlan plan) {
        return plan.topics().kind().equals(QUEUE);
    }
}
