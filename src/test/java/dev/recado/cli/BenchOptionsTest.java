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

    @Test
    void shouldTakeTheHostOfTheVariableOverEveryTransport() {
        LoadPlan.Address text = new LoadPlan.Address("127.0.0.1", 8080);
        LoadPlan.Address amqp = new LoadPlan.Address("127.0.0.1", 5672);
        assertThat(BenchOptions.elsewhere("far:9000", text)).isEqualTo(new LoadPlan.Address("far", 9_000));
        assertThat(BenchOptions.elsewhere("far:9000", amqp)).isEqualTo(new LoadPlan.Address("far", 5_672));
        assertThat(BenchOptions.elsewhere("far", amqp)).isEqualTo(new LoadPlan.Address("far", 5_672));
        assertThat(BenchOptions.elsewhere("", amqp)).isEqualTo(amqp);
        assertThat(BenchOptions.elsewhere(null, amqp)).isEqualTo(amqp);
        assertThatThrownBy(() -> BenchOptions.elsewhere("near,far", amqp)).hasMessageContaining("names one broker");
    }

    @Test
    void shouldRefuseABareNumberThatIsMeantForSeconds() {
        assertThat(plan("--duration 3ms --warm-up 0").timing().durationMs()).isEqualTo(3);
        assertThat(plan("--duration 100").timing().durationMs()).isEqualTo(100);
        assertThatThrownBy(() -> plan("--duration 3")).hasMessageContaining("'3' is 3 ms: write 3s, or 3ms if");
        assertThatThrownBy(() -> plan("--drain 99")).hasMessageContaining("write 99s");
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
            --transport smoke,                   unknown --transport smoke
            --consume-from a:1,                  --consume-from is for
            --transport zmtp --confirm each,     nothing is confirmed over zmtp
            --transport zmtp --ack each,         nothing is acknowledged over zmtp
            --transport zmtp --resume,           leave out --resume
            --transport zmtp --groups 2,         leave out --groups
            --transport zmtp --topics 2,         the listener stands for the topic
            --transport zmtp --namespace shop,   listeners are in the namespace /
            --transport zmtp --kind queue,       the listener stands for the topic
            --transport zmtp --partitions 2,     the listener stands for the topic
            '--transport zmtp --consume-from a:1,b:2', --consume-from names one
            --transport amqp --resume,           no numbers over amqp
            --transport amqp --durability os,    durable or not over amqp
            --transport amqp --partitions 2,     one partition
            --transport amqp --kind log,         over amqp there is no --kind log
            --kind queue --groups 2,             a queue has one group
            --kind queue --tap,                  a queue has no taps
            """)
    void shouldRefuseWhatCannotBe(String args, String why) {
        assertThatThrownBy(() -> plan(args)).hasMessageContaining(why);
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            '',                                                  127.0.0.1:8080
            --broker a:1,                                        a:1
            --transport amqp,                                    127.0.0.1:5672
            --transport amqp --broker a,                         a:5672
            --transport zmtp,                                    127.0.0.1:5559 or 127.0.0.1:5560
            --transport zmtp --tap,                              127.0.0.1:5557 or 127.0.0.1:5558
            --transport zmtp --broker a:1,                       a:1 or a:5560
            --transport zmtp --broker a:1 --consume-from b:2,    a:1 or b:2
            --transport zmtp --consume-from b:2,                 127.0.0.1:5559 or b:2
            """)
    void shouldFindTheBroker(String args, String endpoints) {
        assertThat(plan(args).setup().endpoints()).hasToString(endpoints);
    }

    @Test
    void shouldMakeQueuesOverAmqp() {
        LoadPlan plan = plan("--transport amqp --verify --groups 3");

        assertThat(plan.topics().kind()).isEqualTo("queue");
        assertThat(plan.isConfirmed()).isTrue();
        assertThat(plan.isNumbered()).isFalse();
    }

    @Test
    void shouldVerifyWithoutConfirmationsWhereThereAreNone() {
        LoadPlan plan = plan("--transport zmtp --verify --confirm none");

        assertThat(plan.isConfirmed()).isFalse();
        assertThat(plan.isNumbered()).isFalse();
        assertThat(plan.topics().isNamed()).isFalse();
        assertThat(plan.safety().verify()).isTrue();
    }
}
