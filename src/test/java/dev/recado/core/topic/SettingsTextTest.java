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
                Map.entry("priorities", "0"));

        // When
        Outcome<TopicSettings> outcome = TopicSettings.parse(TopicSettings.DEFAULT, given);

        // Then
        assertThat(outcome)
                .isEqualTo(Outcome.of(new TopicSettings(
                        TopicKind.LOG,
                        Durability.OS,
                        4,
                        12L * 3_600_000,
                        64L << 20,
                        true,
                        1_000,
                        10_240,
                        1_024,
                        Overflow.DROP_OLDEST,
                        250,
                        0)));
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
                        new GroupSettings(Strategy.KEY_ORDERED, 5_000, 3, 250, 10_000, false, 10, "graves"),
                        new StartPosition.AtTime(1_700_000_000_000L))));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    kind | pile | key=kind value=pile allowed=log, queue
                    durability | '' | key=durability value= allowed=fsync, os, memory
                    partitions | 0 | key=partitions value=0 allowed=a number from 1 to 1024
                    partitions | 1025 | key=partitions value=1025 allowed=a number from 1 to 1024
                    retention.time | soon | key=retention.time value=soon allowed=a duration \
                    up to 36500d such as 250ms, 30s, 12h or 7d, plain milliseconds or none
                    retention.bytes | 1XB | key=retention.bytes value=1XB allowed=a size up to \
                    1024TiB such as 4096, 10k, 64MiB or 1GiB, or none
                    limit.bytes | 1025TiB | key=limit.bytes value=1025TiB allowed=a size up to \
                    1024TiB such as 4096, 10k, 64MiB or 1GiB, or none
                    retention.force | yes | key=retention.force value=yes allowed=true, false
                    limit.messages | -2 | key=limit.messages value=-2 allowed=a number from 0 to \
                    1000000000000
                    limit.message-bytes | 0 | key=limit.message-bytes value=0 allowed=1 to \
                    268435456 bytes or a size such as 4096, 10k or 16MiB
                    limit.message-bytes | 257MiB | key=limit.message-bytes value=257MiB allowed=1 \
                    to 268435456 bytes or a size such as 4096, 10k or 16MiB
                    overflow | spill | key=overflow value=spill allowed=block, reject, drop-oldest
                    ttl | 36501d | key=ttl value=36501d allowed=a duration up to 36500d such as \
                    250ms, 30s, 12h or 7d, plain milliseconds or none
                    ttl | 9223372036854775807 | key=ttl value=9223372036854775807 allowed=a \
                    duration up to 36500d such as 250ms, 30s, 12h or 7d, plain milliseconds or none
                    priorities | 1 | key=priorities value=1 allowed=a number from 0 to 0
                    colour | red | unknown setting, key=colour allowed=kind, durability, partitions, \
                    retention.time, retention.bytes, retention.force, limit.messages, limit.bytes, \
                    limit.message-bytes, overflow, ttl, priorities
                    """)
    void shouldNameKeyValueAndWhatIsAllowedOfATopic(String key, String value, String detail) {
        assertThat(TopicSettings.parse(TopicSettings.DEFAULT, Map.of(key, value)))
                .isEqualTo(Outcome.refused(ErrorCode.INVALID_ARGUMENT, detail));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    strategy | random | key=strategy value=random allowed=round-robin, \
                    least-in-flight, key-ordered, single-active
                    from | then | key=from value=then allowed=first, last, next, <offset> or \
                    @<epoch millis>
                    lease-ms | 13h | key=lease-ms value=13h allowed=0 (as long as its holder \
                    stays) or 100 to 43200000 ms or a duration such as 250ms, 30s or 12h
                    lease-ms | 5 | key=lease-ms value=5 allowed=0 (as long as its holder stays) \
                    or 100 to 43200000 ms or a duration such as 250ms, 30s or 12h
                    lease-ms | 99ms | key=lease-ms value=99ms allowed=0 (as long as its holder \
                    stays) or 100 to 43200000 ms or a duration such as 250ms, 30s or 12h
                    back-off-ms | 13h | key=back-off-ms value=13h allowed=0 to 43200000 ms or a \
                    duration such as 250ms, 30s or 12h
                    max-deliveries | many | key=max-deliveries value=many allowed=a number from \
                    0 to 1000000
                    nack-counts | 1 | key=nack-counts value=1 allowed=true, false
                    dead-letter | $meta | key=dead-letter value=$meta allowed=the name of a \
                    topic, or empty for none (topic name is reserved: names beginning with $ are the broker's, \
                    topic=$meta)
                    max-members | -1 | key=max-members value=-1 allowed=a number from 0 to 1000000
                    kind | log | unknown setting, key=kind allowed=strategy, from, lease-ms, max-deliveries, \
                    back-off-ms, nack-counts, dead-letter, max-members
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
    void shouldTakeTheLargestOfEachQuantity() {
        // Given
        Map<String, String> given = Map.of(
                "retention.time", "36500d",
                "retention.bytes", "1024TiB",
                "limit.messages", "1000000000000",
                "limit.bytes", "1024TiB",
                "limit.message-bytes", "256MiB",
                "ttl", "36500d");

        // When
        Outcome<TopicSettings> outcome = TopicSettings.parse(TopicSettings.DEFAULT, given);

        // Then
        TopicSettings settings = ((Outcome.Granted<TopicSettings>) outcome).value();
        assertThat(settings.retentionTimeMs()).isEqualTo(36_500L * 24 * 3_600_000);
        assertThat(settings.retentionBytes()).isEqualTo(1L << 50);
        assertThat(settings.limitMessages()).isEqualTo(1_000_000_000_000L);
        assertThat(settings.limitBytes()).isEqualTo(1L << 50);
        assertThat(settings.limitMessageBytes()).isEqualTo(256 << 20);
        assertThat(settings.ttlMs()).isEqualTo(36_500L * 24 * 3_600_000);
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
                .isEqualTo(Outcome.refused(ErrorCode.INVALID_ARGUMENT, "key=kind value=x?y allowed=log, queue"));
    }
}
