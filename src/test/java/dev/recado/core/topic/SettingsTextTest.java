package dev.recado.core.topic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ErrorCode;
import dev.recado.base.Outcome;
import dev.recado.core.group.GroupSettings;
import dev.recado.core.group.Strategy;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTextTest {

    @Test
    void shouldReadEveryKeyOfATopic() {
        // Given
        Map<String, String> given = Map.ofEntries(
                Map.entry("kind", "log"),
                Map.entry("durability", "os"),
                Map.entry("partitions", "4"),
                Map.entry("retention.time", "12h"),
                Map.entry("retention.bytes", "64MiB"),
                Map.entry("retention.force", "true"),
                Map.entry("limit.messages", "1000"),
                Map.entry("limit.bytes", "10k"),
                Map.entry("limit.message-bytes", "1024"),
                Map.entry("overflow", "drop-oldest"),
                Map.entry("ttl", "250ms"),
                Map.entry("priorities", "0"),
                Map.entry("transient", "true"),
                Map.entry("auto-delete", "true"),
                Map.entry("expires", "1h"),
                Map.entry("exclusive", "true"),
                Map.entry("dead-letter.exchange", "graves"),
                Map.entry("dead-letter.key", ""));

        // When
        Outcome<TopicSettings> outcome = TopicSettings.parse(TopicSettings.DEFAULT, given);

        // Then
        assertThat(outcome)
                .isEqualTo(Outcome.of(TopicSettings.DEFAULT
                        .with(TopicSettings.DURABILITY, Durability.OS)
                        .with(TopicSettings.PARTITIONS, 4)
                        .with(TopicSettings.RETENTION_TIME, 12L * 3_600_000)
                        .with(TopicSettings.RETENTION_BYTES, 64L << 20)
                        .with(TopicSettings.RETENTION_FORCE, true)
                        .with(TopicSettings.LIMIT_MESSAGES, 1_000)
                        .with(TopicSettings.LIMIT_BYTES, 10_240)
                        .with(TopicSettings.LIMIT_MESSAGE_BYTES, 1_024)
                        .with(TopicSettings.OVERFLOW, Overflow.DROP_OLDEST)
                        .with(TopicSettings.TTL, 250)
                        .with(TopicSettings.TRANSIENT, true)
                        .with(TopicSettings.AUTO_DELETE, true)
                        .with(TopicSettings.EXPIRES, 3_600_000)
                        .with(TopicSettings.EXCLUSIVE, true)
                        .with(DeadLetterRoute.EXCHANGE, "graves")
                        .with(DeadLetterRoute.KEY, "")));
    }

    @Test
    void shouldTakeNoneAndKeepWhatIsNotGiven() {
        // Given
        Map<String, String> given =
                Map.of("retention.time", "none", "retention.bytes", "-1", "limit.bytes", "none", "ttl", "none");

        // When
        Outcome<TopicSettings> outcome = TopicSettings.parse(TopicSettings.DEFAULT, given);

        // Then
        TopicSettings settings = ((Outcome.Granted<TopicSettings>) outcome).value();
        assertThat(settings.retentionTimeMs()).isEqualTo(-1);
        assertThat(settings.retentionBytes()).isEqualTo(-1);
        assertThat(settings.limitBytes()).isZero();
        assertThat(settings.ttlMs()).isEqualTo(-1);
        assertThat(settings.overflow()).isEqualTo(TopicSettings.DEFAULT.overflow());
    }

    @Test
    void shouldReadEveryKeyOfAGroup() {
        // Given
        Map<String, String> given = Map.of(
                "strategy", "key-ordered",
                "from", "@1700000000000",
                "lease-ms", "5000",
                "max-deliveries", "3",
                "back-off-ms", "250ms",
                "nack-counts", "false",
                "dead-letter", "graves",
                "max-members", "10");

        // When
        Outcome<GroupSpec> outcome = GroupSpec.parse(GroupSpec.DEFAULT, given);

        // Then
        assertThat(outcome)
                .isEqualTo(Outcome.of(new GroupSpec(
                        GroupSettings.DEFAULT
                                .with(GroupSettings.STRATEGY, Strategy.KEY_ORDERED)
                                .with(GroupSettings.LEASE_MS, 5_000)
                                .with(GroupSettings.MAX_DELIVERIES, 3)
                                .with(GroupSettings.BACK_OFF_MS, 250)
                                .with(GroupSettings.NACK_COUNTS, false)
                                .with(GroupSettings.MAX_MEMBERS, 10)
                                .with(GroupSettings.DEAD_LETTER, "graves"),
                        new StartPosition.AtTime(1_700_000_000_000L))));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    kind | pile | key=kind value=pile allowed=one of log, queue
                    durability | '' | key=durability value= allowed=one of fsync, os, memory
                    partitions | 0 | key=partitions value=0 allowed=an integer from 1 to 1024
                    retention.time | soon | key=retention.time value=soon allowed=a duration \
                    from 0 to 36500d, or none
                    limit.bytes | 1025TiB | key=limit.bytes value=1025TiB allowed=a size from \
                    1 to 1024TiB, 0 or none
                    retention.force | yes | key=retention.force value=yes allowed=true or false
                    limit.messages | -2 | key=limit.messages value=-2 allowed=an integer from 1 \
                    to 1000000000000, 0 or none
                    limit.message-bytes | 257MiB | key=limit.message-bytes value=257MiB allowed=a \
                    size from 1 to 256MiB, 0 or none
                    ttl | 9223372036854775807 | key=ttl value=9223372036854775807 allowed=a \
                    duration from 1ms to 36500d, 0 or none
                    priorities | 256 | key=priorities value=256 allowed=an integer from 0 to 255
                    colour | red | unknown setting, key=colour allowed=kind, durability, partitions, \
                    retention.time, retention.bytes, retention.force, limit.messages, limit.bytes, \
                    limit.message-bytes, overflow, ttl, priorities, transient, auto-delete, expires, exclusive, \
                    dead-letter.exchange, dead-letter.key, hand-over, spill, note
                    """)
    void shouldNameKeyValueAndWhatIsAllowedOfATopic(String key, String value, String detail) {
        assertThat(TopicSettings.parse(TopicSettings.DEFAULT, Map.of(key, value)))
                .isEqualTo(Outcome.refused(ErrorCode.INVALID_ARGUMENT, detail));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    strategy | random | key=strategy value=random allowed=one of round-robin, \
                    least-in-flight, key-ordered, single-active
                    from | then | key=from value=then allowed=first, last, next, <offset> or \
                    @<epoch millis>
                    lease-ms | 99ms | key=lease-ms value=99ms allowed=a duration from 100ms to \
                    12h, 0 or none
                    max-deliveries | many | key=max-deliveries value=many allowed=an integer from \
                    1 to 1000000, 0 or none
                    nack-counts | 1 | key=nack-counts value=1 allowed=true or false
                    dead-letter | $meta | key=dead-letter value=$meta allowed=the name of a topic \
                    (1 to 255 bytes, no $ in front), <topic>.dead or empty
                    kind | log | unknown setting, key=kind allowed=strategy, from, lease-ms, max-deliveries, \
                    back-off-ms, back-off-max-ms, nack-counts, dead-letter, max-members
                    """)
    void shouldNameKeyValueAndWhatIsAllowedOfAGroup(String key, String value, String detail) {
        assertThat(GroupSpec.parse(GroupSpec.DEFAULT, Map.of(key, value)))
                .isEqualTo(Outcome.refused(ErrorCode.INVALID_ARGUMENT, detail));
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "100, 100", "12h, 43200000", "43200000, 43200000"})
    void shouldTakeALeaseThatTheBrokerCanHold(String value, long leaseMs) {
        // When
        Outcome<GroupSpec> outcome = GroupSpec.parse(GroupSpec.DEFAULT, Map.of("lease-ms", value));

        // Then
        assertThat(((Outcome.Granted<GroupSpec>) outcome).value().settings().leaseMs())
                .isEqualTo(leaseMs);
    }

    @Test
    void shouldComeBackToTheDeadLetterTopicOfItsTopic() {
        // Given
        GroupSpec named = new GroupSpec(
                GroupSettings.DEFAULT.with(GroupSettings.DEAD_LETTER, "graves"), GroupSpec.FROM.standard());

        // When / Then
        assertThat(GroupSpec.parse(named, Map.of("dead-letter", "<topic>.dead")))
                .isEqualTo(Outcome.of(GroupSpec.DEFAULT));
        assertThat(GroupSettings.DEFAULT.deadLetter()).isNull();
    }

    @Test
    void shouldRefuseAllWhereOneIsWrong() {
        // Given
        Map<String, String> given = new LinkedHashMap<>();
        given.put("ttl", "5s");
        given.put("kind", "x\ny");

        // When
        Outcome<TopicSettings> outcome = TopicSettings.parse(TopicSettings.DEFAULT, given);

        // Then
        assertThat(outcome)
                .isEqualTo(Outcome.refused(ErrorCode.INVALID_ARGUMENT, "key=kind value=x?y allowed=one of log, queue"));
    }
}
