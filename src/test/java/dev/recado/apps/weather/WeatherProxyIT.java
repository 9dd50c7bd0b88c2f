package dev.recado.apps.weather;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recado.apps.CommandRun;
import dev.recado.apps.Proxy;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Publisher and watchers on both sides of JeroMQ's own proxy; long for the reason in {@code DivideProxyIT}. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@Tag("long")
class WeatherProxyIT {

    private static CommandRun publish(Proxy proxy, String... more) {
        return run(proxy.front(), "publish", more);
    }

    private static CommandRun watch(Proxy proxy, String... more) {
        return run(proxy.back(), "watch", more);
    }

    private static CommandRun run(String endpoint, String command, String... more) {
        String[] arguments = new String[more.length + 3];
        arguments[0] = command;
        arguments[1] = "--broker";
        arguments[2] = endpoint;
        System.arraycopy(more, 0, arguments, 3, more.length);
        return CommandRun.start(WeatherCommand::commandLine, arguments);
    }

    @Test
    void shouldGiveEachWatcherWhatItsCodesBeginWith() throws Exception {
        try (Proxy proxy = Proxy.pubSub();
                CommandRun ten = watch(proxy, "10", "--count", "40");
                CommandRun one = watch(proxy, "80331", "20095", "--count", "10");
                CommandRun publisher = publish(proxy, "--interval-ms", "10")) {
            // When
            int code = ten.exitCode();

            // Then
            assertThat(code).as(ten::err).isZero();
            assertThat(ten.out().lines().limit(40))
                    .allMatch(line -> line.matches("1011[57] {2}-?\\d+\\.\\d °C {2}\\d+ %"));
            assertThat(ten.out().lines().skip(40))
                    .hasSize(2)
                    .allMatch(line -> line.matches("1011[57]: mean .* over 20 updates"));
            assertThat(one.exitCode()).isZero();
            assertThat(one.out().lines().limit(10)).allMatch(line -> line.startsWith("80331") || line.startsWith("2"));
            publisher.stop();
            assertThat(publisher.exitCode()).isZero();
            assertThat(publisher.err()).contains("published ");
        }
    }

    @Test
    void shouldPublishTheRoundsThatItWasAskedFor() throws Exception {
        try (Proxy proxy = Proxy.pubSub();
                CommandRun watcher = watch(proxy, "", "--idle-exit", "3000");
                CommandRun publisher = publish(proxy, "--regions", "a,b", "--interval-ms", "0", "--count", "3")) {
            // When
            int code = publisher.exitCode();

            // Then
            assertThat(code).isZero();
            assertThat(publisher.err()).contains("published 6 updates");
            assertThat(watcher.exitCode()).isZero();
            assertThat(watcher.out()).contains("a: mean", "b: mean").contains("over 3 updates");
        }
    }

    @Test
    void shouldGoOnAfterTheProxyCameBack() throws Exception {
        Proxy first = Proxy.pubSub();
        try (CommandRun watcher = watch(first, "", "--count", "1000000");
                CommandRun publisher = publish(first, "--interval-ms", "5")) {
            // Given
            await().until(() -> watcher.out().lines().count() > 10);
            first.close();
            await().until(() -> watcher.err().contains("broke; trying again"));

            // When
            long before = watcher.out().lines().count();
            try (Proxy second = first.pubSubAgain()) {
                // Then
                await().until(() -> watcher.out().lines().count() > before + 10);
                assertThat(watcher.err()).contains("connected to " + second.back() + " again");
                watcher.stop();
                assertThat(watcher.exitCode()).isZero();
                assertThat(watcher.out()).contains("10115: mean");
            }
            publisher.stop();
            assertThat(publisher.exitCode()).isZero();
        }
    }
}
