package dev.recado.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A broker whose system speaks another language: what it does must not depend on what the system's texts say. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OtherLanguageIT {

    @WorkDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it before a test begins.
    Path work;

    private static BrokerProcess.Plan german(BrokerProcess.Plan plan) {
        Tool.GERMAN.require();
        return plan.environment("LOCPATH", ZmqPrograms.home().resolve("locales").toString())
                .environment("LC_ALL", "de_DE.UTF-8")
                .environment("LANG", "de_DE.UTF-8")
                .environment("LANGUAGE", "de");
    }

    @Test
    void shouldOutliveAFullDiskInGerman() throws Exception {
        new FaultTrial(german(BrokerProcess.in(work)), work)
                .assertGoesOn(List.of(
                        "write ENOSPC 5 20 topics/",
                        "write ENOSPC 20 10 journal/",
                        "write EDQUOT 5 20 topics/",
                        "create EMFILE 0 2 topics/"));
    }

    /** Turkish has two letters i, and neither small nor capital one is the other's in ASCII. */
    @Test
    void shouldKnowItsWordsInTurkish() throws Exception {
        // Given
        BrokerProcess.Plan plan = BrokerProcess.in(work)
                .jvmArgument("-Duser.language=tr")
                .jvmArgument("-Duser.country=TR")
                .set("topics.default.kind", "log");
        try (BrokerProcess broker = plan.start();
                TextConnection client = broker.connect()) {
            // When
            client.ask("TOPIC:CREATE:t:durability=fsync&overflow=drop-oldest&limit.message-bytes=10KiB&ttl=1h");
            client.ask("GROUP:CREATE:t:g:strategy=single-active&dead-letter=dead&max-deliveries=2");
            client.ask("EXCHANGE:CREATE:x:direct");

            // Then
            assertThat(client.list("TOPIC:DESCRIBE:t").toString())
                    .contains("\"durability\":\"fsync\"", "\"overflow\":\"drop-oldest\"", "single-active");
            assertThat(client.ask("BIND:x:t:i")).isEqualTo("OK:BIND:x:t");
            assertThat(client.xpub("x", "i", "", "hi")).isEqualTo("OK:ROUTED:1");
            assertThat(client.ask("FIND:i")).isEqualTo("ERROR:Unknown command: FIND");
            assertThat(client.list("STATS")).contains("session_bugs=0");
            assertThat(broker.terminate()).as(() -> broker.process().report()).isZero();
        }
        try (BrokerProcess broker = plan.start();
                TextConnection client = broker.connect()) {
            assertThat(client.list("TOPIC:DESCRIBE:t").toString()).contains("\"backlog\":1", "single-active");
            assertThat(broker.terminate()).isZero();
        }
    }
}
