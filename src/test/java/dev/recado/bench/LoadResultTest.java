package dev.recado.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class LoadResultTest {

    /** Ten were sent, nine confirmed and nine arrived. */
    @Test
    void shouldOweWhatWasSentWhereNothingIsConfirmed() {
        LoadPlan silent = Plans.plan(LoadPlan.Ack.batch, 1_000, LoadPlan.Confirm.none);

        assertThat(Plans.result(Verdict.NONE).missing()).isZero();
        assertThat(Plans.result(silent, Verdict.NONE).missing()).isEqualTo(1);
    }

    @Test
    void shouldBeGoodOnlyWithoutADeliveryThatCameTwice() {
        assertThat(Plans.result(Verdict.NONE).isGood()).isTrue();
        assertThat(Plans.result(new Verdict(9, new Verdict.Faults(0, 0, 1, 0, 0), 0, 0, List.of()))
                        .isGood())
                .isFalse();
    }
}
