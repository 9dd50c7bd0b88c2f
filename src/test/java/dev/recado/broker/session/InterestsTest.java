package dev.recado.broker.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ErrorCode;
import dev.recado.base.Refusal;
import dev.recado.broker.SlowTap;
import dev.recado.broker.SubscribeSpec;
import dev.recado.broker.SubscriptionLink;
import dev.recado.core.topic.CatalogChange;
import dev.recado.core.topic.Overflow;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicSettings;
import dev.recado.node.NodeRig;
import dev.recado.node.SimRig;
import dev.recado.node.TestSession;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** What a watcher of a topic is told of what others want of it. */
@Timeout(60)
@ParameterizedClass
@ValueSource(longs = {1, 2})
class InterestsTest {

    private static final TopicSettings MEMORY = NodeRig.memory(0, Overflow.BLOCK);

    private final long seed;
    private SimRig rig;
    private TestSession watcher;
    private TestSession left;
    private TestSession right;
    private Topic topic;

    InterestsTest(long seed) {
        this.seed = seed;
    }

    @BeforeEach
    void start() throws Exception {
        rig = SimRig.start(seed);
        watcher = rig.sessionOn(0);
        left = rig.sessionOn(0);
        right = rig.sessionOn(1);
        topic = watcher.create("news", MEMORY);
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    private void watch() throws Exception {
        watcher.run(() -> watcher.link().watchInterest(topic));
    }

    private static SubscriptionLink filtered(TestSession session) throws Exception {
        return session.call(() -> session.link().subscribe(SubscribeSpec.filteredTap("news", SlowTap.DROP)));
    }

    private static void want(TestSession session, SubscriptionLink tap, String prefix) throws Exception {
        session.run(() ->
                assertThat(tap.want(prefix.getBytes(StandardCharsets.UTF_8))).isNull());
    }

    private static void unwant(TestSession session, SubscriptionLink tap, String prefix) throws Exception {
        session.run(() -> tap.unwant(prefix.getBytes(StandardCharsets.UTF_8)));
    }

    private static void close(TestSession session, SubscriptionLink subscription) throws Exception {
        session.call(subscription::close);
    }

    private void change(CatalogChange change) throws Exception {
        watcher.call(() -> watcher.link().change(change));
    }

    /** Everything told until now, in order. */
    private List<String> told() throws Exception {
        rig.settle();
        List<String> told = new ArrayList<>();
        watcher.interest.drainTo(told);
        return told;
    }

    @Test
    void shouldTellFirstWhatIsWantedThenEachChange() throws Exception {
        // Given
        SubscriptionLink tap = filtered(right);
        want(right, tap, "b");
        want(right, tap, "a");
        assertThat(watcher.interest).isEmpty();

        // When
        watch();
        watch();
        want(right, tap, "ab");
        unwant(right, tap, "a");
        unwant(right, tap, "never");

        // Then
        assertThat(told()).containsExactly("+news/a", "+news/b", "+news/ab", "-news/a");
    }

    @Test
    void shouldCountTapsOfAllLoops() throws Exception {
        // Given
        watch();
        SubscriptionLink one = filtered(left);
        SubscriptionLink two = filtered(right);

        // When
        want(left, one, "a");
        want(left, one, "a");
        want(right, two, "a");
        unwant(left, one, "a");

        // Then
        assertThat(told()).containsExactly("+news/a");
        unwant(right, two, "a");
        assertThat(told()).containsExactly("-news/a");
    }

    @Test
    void shouldForgetWhatAClosedTapOrSessionWanted() throws Exception {
        // Given
        watch();
        SubscriptionLink one = filtered(left);
        want(left, one, "a");
        want(left, one, "");
        SubscriptionLink two = filtered(right);
        want(right, two, "b");
        assertThat(told()).containsExactly("+news/a", "+news/", "+news/b");

        // When
        close(left, one);
        right.run(() -> right.link().close());

        // Then
        assertThat(told()).containsExactly("-news/a", "-news/", "-news/b");
    }

    @Test
    void shouldTellOfEverythingOncePerReason() throws Exception {
        // Given
        watch();
        SubscriptionLink all = filtered(left);

        // When
        SubscriptionLink whole = right.call(() -> right.link().subscribe(SubscribeSpec.tap("news", SlowTap.BLOCK)));
        want(left, all, "");
        SubscriptionLink pattern = right.call(() -> right.link()
                .subscribe(
                        new SubscribeSpec(SubscribeSpec.Kind.PATTERN, "new*", null, null, 10, StartPosition.next())));
        SubscriptionLink matching = right.call(() -> right.link()
                .subscribe(new SubscribeSpec(SubscribeSpec.Kind.PATTERN, "#", null, null, 10, StartPosition.next())));
        SubscriptionLink member = right.subscribe("news", "g", 10, StartPosition.next());

        // Then
        assertThat(told()).containsExactly("+news/");
        close(right, whole);
        unwant(left, all, "");
        close(right, pattern);
        close(right, matching);
        close(right, member);
        assertThat(told()).isEmpty();
        int group = watcher.topic("news").groups().iterator().next().id();
        change(new CatalogChange.DeleteGroup(group));
        assertThat(told()).containsExactly("-news/");
    }

    @Test
    void shouldFollowPatternSubscriptions() throws Exception {
        // Given
        watch();

        // When
        SubscriptionLink matching = right.call(() -> right.link()
                .subscribe(new SubscribeSpec(SubscribeSpec.Kind.PATTERN, "#", null, null, 10, StartPosition.next())));

        // Then
        assertThat(told()).containsExactly("+news/");
        close(right, matching);
        assertThat(told()).containsExactly("-news/");
    }

    @Test
    void shouldWantEverythingOfATopicThatStores() throws Exception {
        // Given
        watch();
        SubscriptionLink tap = filtered(left);
        want(left, tap, "a");

        // When
        change(new CatalogChange.DeleteTopic(topic.uuid()));
        rig.settle();
        watcher.create("news", TopicSettings.DEFAULT);

        // Then
        assertThat(told()).containsExactly("+news/a", "-news/a", "+news/");
    }

    @Test
    void shouldGoOnWithATopicThatIsCreatedAgain() throws Exception {
        // Given
        watch();
        SubscriptionLink old = filtered(right);
        want(right, old, "a");
        right.call(() -> right.link().subscribe(SubscribeSpec.tap("news", SlowTap.BLOCK)));
        assertThat(told()).containsExactly("+news/a", "+news/");

        // When
        change(new CatalogChange.DeleteTopic(topic.uuid()));
        watcher.create("news", MEMORY);
        want(right, old, "ignored");
        rig.settle();
        SubscriptionLink again = filtered(right);
        want(right, again, "a");

        // Then
        assertThat(told()).containsExactly("-news/", "-news/a", "+news/a");
        close(right, again);
        assertThat(told()).containsExactly("-news/a");
    }

    @Test
    void shouldFollowASettingsChange() throws Exception {
        // Given
        watch();

        // When
        change(new CatalogChange.AlterTopic(topic.uuid(), NodeRig.memory(10, Overflow.REJECT)));

        // Then
        assertThat(told()).isEmpty();
    }

    @Test
    void shouldTellNothingToAClosedWatcher() throws Exception {
        // Given
        watch();
        SubscriptionLink tap = filtered(right);
        want(right, tap, "a");
        assertThat(told()).containsExactly("+news/a");

        // When
        watcher.run(() -> watcher.link().close());
        want(right, tap, "b");

        // Then
        assertThat(told()).isEmpty();
    }

    @Test
    void shouldRefuseMorePrefixesThanATopicMayHave() throws Exception {
        // Given
        SubscriptionLink tap = filtered(left);
        SubscriptionLink other = filtered(right);
        left.run(() -> {
            for (int i = 0; i < Interests.PREFIXES_MAX; i++) {
                assertThat(tap.want(ByteBuffer.allocate(4).putInt(i).array())).isNull();
            }
        });

        // When
        Refusal[] refusals = new Refusal[2];
        right.run(() -> {
            refusals[0] = other.want(new byte[5]);
            refusals[1] = other.want(new byte[4]);
        });

        // Then
        assertThat(refusals[0].code()).isEqualTo(ErrorCode.LIMIT_REACHED);
        assertThat(refusals[1]).isNull();
        assertThat(other.wanted().size()).isEqualTo(1);
        close(left, tap);
        want(right, other, "room again");
    }

    @Test
    void shouldRefuseMoreBytesOfPrefixesThanATopicMayHave() throws Exception {
        // Given
        SubscriptionLink tap = filtered(left);

        // When
        Refusal[] refusals = new Refusal[2];
        left.run(() -> {
            refusals[0] = tap.want(new byte[(int) Interests.PREFIX_BYTES_MAX]);
            refusals[1] = tap.want(new byte[1]);
        });

        // Then
        assertThat(refusals[0]).isNull();
        assertThat(refusals[1].code()).isEqualTo(ErrorCode.LIMIT_REACHED);
    }

    @Test
    void shouldTellAWatcherWhatAModelKnows() throws Exception {
        // Given
        Random random = new Random(7);
        watch();
        SubscriptionLink[] taps = {filtered(left), filtered(right)};
        TestSession[] sessions = {left, right};
        List<TreeSet<String>> model = List.of(new TreeSet<>(), new TreeSet<>());

        // When
        for (int step = 0; step < 400; step++) {
            int who = random.nextInt(2);
            String prefix = "abc".substring(0, random.nextInt(4));
            if (random.nextBoolean()) {
                want(sessions[who], taps[who], prefix);
                model.get(who).add(prefix);
            } else {
                unwant(sessions[who], taps[who], prefix);
                model.get(who).remove(prefix);
            }
        }

        // Then
        TreeSet<String> known = new TreeSet<>();
        for (String each : told()) {
            boolean changed = each.startsWith("+") ? known.add(each.substring(6)) : known.remove(each.substring(6));
            assertThat(changed).as(each).isTrue();
        }
        TreeSet<String> expected = new TreeSet<>(model.get(0));
        expected.addAll(model.get(1));
        assertThat(known).isEqualTo(expected);
    }
}
