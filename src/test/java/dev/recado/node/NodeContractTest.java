package dev.recado.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.broker.AccessRules;
import dev.recado.broker.AdminRules;
import dev.recado.broker.Broker;
import dev.recado.broker.CeaseRules;
import dev.recado.broker.ContractStage;
import dev.recado.broker.ControlRules;
import dev.recado.broker.DeletionRules;
import dev.recado.broker.ExclusiveTopicRules;
import dev.recado.broker.InboxRules;
import dev.recado.broker.LeaseRules;
import dev.recado.broker.LetterRules;
import dev.recado.broker.LifespanRules;
import dev.recado.broker.MemberRules;
import dev.recado.broker.NamespaceLinkRules;
import dev.recado.broker.PublishRules;
import dev.recado.broker.PullRules;
import dev.recado.broker.ReaderRules;
import dev.recado.broker.RoutingRules;
import dev.recado.broker.SeatRules;
import dev.recado.broker.TapRules;
import dev.recado.broker.UserLinkRules;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The real broker keeps the contract, whatever the order in which its threads have their turns; with even seeds what
 * sessions and shards say to each other crosses as bytes. {@code -Drecado.contract.seed=…} says where the seeds begin.
 */
@Timeout(60)
@ParameterizedClass
@ValueSource(longs = {1, 2})
class NodeContractTest
        implements ContractStage,
                PublishRules,
                RoutingRules,
                InboxRules,
                MemberRules,
                CeaseRules,
                SeatRules,
                DeletionRules,
                LetterRules,
                LifespanRules,
                ExclusiveTopicRules,
                NamespaceLinkRules,
                UserLinkRules,
                LeaseRules,
                PullRules,
                ReaderRules,
                TapRules,
                ControlRules,
                AdminRules,
                AccessRules {

    private final NodeWorld world;

    NodeContractTest(long seed) {
        long drawn = seed + Long.getLong("recado.contract.seed", 0);
        world = new NodeWorld(drawn, new WorldFacts(), drawn % 2 == 0);
    }

    @BeforeEach
    void start() {
        assertThat(world.start()).isTrue();
        world.disk().capacity(Long.MAX_VALUE / 2);
    }

    @AfterEach
    void stop() {
        world.stop();
    }

    @Override
    public ContractStage stage() {
        return this;
    }

    @Override
    public Broker broker() {
        return world.node().sessions();
    }

    @Override
    public long now() {
        return world.node().time().wallMs();
    }

    @Override
    public long figure(String name) {
        return Objects.requireNonNull(figures().values().get(name), name);
    }

    @Override
    public void on(int loop, Runnable task) {
        world.on(loop, task);
    }

    @Override
    public void later(int loop, Runnable task) {
        world.later(loop, task);
    }

    @Override
    public boolean isOn(int loop) {
        return world.isOn(loop);
    }

    @Override
    public void settle() {
        world.pass(0);
    }

    @Override
    public void pass(long ms) {
        world.pass(ms);
    }
}
