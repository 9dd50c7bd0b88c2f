package dev.recado.bench.amqp;

import dev.recado.bench.LoadPlan;

/**
 * What stands for the plan's topics: a queue where one group reads, else a fanout exchange with a queue for each group
 * or tap.
 */
final class Targets {

    private final LoadPlan plan;

    Targets(LoadPlan plan) {
        this.plan = plan;
    }

    boolean hasExchanges() {
        return plan.consuming().tap() || plan.consuming().groups() > 1;
    }

    boolean isDurable() {
        return !plan.topics().durability().equals("memory");
    }

    /** Where messages of a topic go to. */
    String exchange(int topic) {
        return hasExchanges() ? plan.topics().name(topic) : "";
    }

    String routingKey(int topic) {
        return hasExchanges() ? "" : plan.topics().name(topic);
    }

    /** The queue of a group; taps have queues of their own, without a name to know. */
    String queue(int topic, int group) {
        String name = plan.topics().name(topic);
        return hasExchanges() ? name + "-g" + (group + 1) : name;
    }
}
