package dev.recado.apps.messaging.client;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;

/** Logs in, opens and joins its channels, then publishes in turn, every fifth time as a direct message to itself. */
final class BotDriver implements ClientDriver {

    private static final int MESSAGE_EVERY = 5;

    private record Ask(String service, Map<String, Object> fields) {}

    private final BotPlan plan;
    private final Deque<Ask> first = new ArrayDeque<>();
    private long nextMs;
    private long sent;

    BotDriver(BotPlan plan) {
        this.plan = plan;
        first.add(new Ask("login", Map.of()));
        for (String channel : plan.channels()) {
            first.add(new Ask("channel", Map.of("channel", channel)));
            first.add(new Ask("subscribe", Map.of("channel", channel)));
        }
    }

    @Override
    public boolean onTick(long nowMs, boolean waiting, Asking asking) {
        if (waiting) {
            return true;
        }
        Ask ask = first.poll();
        if (ask != null) {
            asking.ask(ask.service(), ask.fields());
            return true;
        }
        if (plan.count() > 0 && sent >= plan.count()) {
            return false;
        }
        if (nowMs >= nextMs) {
            nextMs = nowMs + plan.intervalMs();
            say(asking);
        }
        return true;
    }

    private void say(Asking asking) {
        sent++;
        String text = plan.user() + " says " + sent;
        if (sent % MESSAGE_EVERY == 0) {
            asking.ask("message", Map.of("to", plan.user(), "text", text));
        } else {
            String channel = plan.channels().get((int) (sent % plan.channels().size()));
            asking.ask("publish", Map.of("channel", channel, "text", text));
        }
    }
}
