package dev.recado.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.recado.bench.LoadPlan;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class BenchOptionsTest {

    @Command
    private static final class Holder {
        @Mixin
        BenchOptions options = new BenchOptions();
    }

    private static LoadPlan plan(String args) {
        Holder holder = new Holder();
        new CommandLine(holder).parseArgs(args.isEmpty() ? new String[0] : args.split(" "));
        return holder.options.plan();
    }

    @Test
    void shouldWarmUpUnlessOnlyACountIsGiven() {
        assertThat(plan("").timing().warmUpMs()).isEqualTo(2_000);
        assertThat(plan("--count 5").timing().warmUpMs()).isZero();
        assertThat(plan("--count 5 --duration 3s").timing().warmUpMs()).isEqualTo(2_000);
        assertThat(plan("--count 5 --warm-up 1s").timing().warmUpMs()).isEqualTo(1_000);
        assertThat(plan("--rate 0.001").publishing().isOpenLoop()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            --rate 1e-12,                        --rate must be
            --rate NaN,                          --rate must be
            --duration 200h,                     --duration must be
            --warm-up 200h,                      --warm-up must be
            --drain 200h,                        --drain must be
            --resume --resume-wait 200h,         --resume-wait must be
            --resume-wait 1s,                    needs --resume
            --verify --confirm none,             --verify needs --confirm
            --tap --groups 2,                    a tap has no group
            --tap --ack each,                    a tap acknowledges nothing
            --tap --consumers 0,                 --tap needs --consumers
            --publishers 20000 --size 16MiB,     --size times
            --topics 10000 --size 16MiB,         --size times
            --publishers 20000 --window 1048576, --publishers times --window
            --consumers 20000 --groups 20000,    --consumers times --groups
            '--broker a:1,b:2',                  --broker names one
            """)
    void shouldRefuseWhatCannotBe(String args, String why) {
        assertThatThrownBy(() -> plan(args)).hasMessageContaining(why);
    }
}
