package dev.recado.apps.coffee.up;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ShopPlanTest {

    private static final ShopPlan.Counts COUNTS = new ShopPlan.Counts(2, 2, 3);

    private static ShopPlan plan(String outside) {
        Map<String, Integer> ports = ShopPlan.usualPorts(COUNTS, ShopPlan.portKeys(COUNTS, outside == null));
        return new ShopPlan(
                Path.of("shop"), outside, COUNTS, List.of("--aggregators", "2"), List.of("--sessions", "7"), ports);
    }

    @Test
    void shouldHaveEveryStageAndQueryAndTheBrokerFirst() {
        // When
        List<ShopPlan.Node> nodes = plan(null).nodes();

        // Then
        assertThat(nodes).hasSize(1 + 6 * 2 + 4 * 2 + 1);
        assertThat(nodes.get(0).name()).isEqualTo("broker");
        assertThat(nodes).extracting(ShopPlan.Node::name).doesNotHaveDuplicates();
        assertThat(nodes).extracting(ShopPlan.Node::health).doesNotHaveDuplicates();
        assertThat(nodes.get(2).arguments())
                .containsSequence("coffee", "aggregator", "q1", "--share", "1", "--state", "shop/q1-2")
                .containsSequence("--aggregators", "2")
                .contains("--health");
        assertThat(nodes.get(2).environment()).containsValue("amqp://guest:guest@127.0.0.1:5672");
        assertThat(nodes.get(nodes.size() - 1).arguments())
                .containsSequence("coffee", "gateway", "--port", "9000", "--state", "shop/gateway")
                .containsSequence("--sessions", "7");
    }

    @Test
    void shouldTellPortsOfWhatOthersConnectTo() {
        assertThat(plan(null).toldPorts())
                .containsOnly(
                        Map.entry("gateway", 9_000),
                        Map.entry("amqp", 5_672),
                        Map.entry("admin", 8_080),
                        Map.entry("monitor-1", 9_997),
                        Map.entry("monitor-2", 9_998),
                        Map.entry("monitor-3", 9_999));
    }

    @Test
    void shouldShowNobodyThePassword() {
        assertThat(plan("amqps://ana:s%40cret@broker:5671/shop").shownAmqp()).isEqualTo("amqps://broker:5671/shop");
        assertThat(plan(null).shownAmqp()).isEqualTo("amqp://127.0.0.1:5672");
    }

    @Test
    void shouldStartNoBrokerWhereThereIsOne() {
        // When
        ShopPlan plan = plan("amqp://elsewhere");

        // Then
        assertThat(plan.nodes()).noneMatch(node -> node.name().equals("broker"));
        assertThat(plan.nodes()).allSatisfy(node -> {
            assertThat(node.environment()).containsOnly(Map.entry("COFFEE_AMQP", "amqp://elsewhere"));
            assertThat(node.arguments()).as("which every user sees").noneMatch(word -> word.contains("elsewhere"));
        });
        assertThat(plan.toldPorts()).containsOnlyKeys("gateway", "monitor-1", "monitor-2", "monitor-3");
    }
}
