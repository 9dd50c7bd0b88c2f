package dev.recado.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.recado.bench.LoadResult;
import dev.recado.bench.Plans;
import dev.recado.bench.Verdict;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReportTest {

    private static final LoadResult GOOD = Plans.result(Verdict.NONE);
    private static final LoadResult BAD =
            Plans.result(new Verdict(9, new Verdict.Faults(2, 0, 0, 0, 0), 0, 0, List.of("lost: <one>")));

    @Test
    void shouldWriteJson() throws Exception {
        JsonNode json = new ObjectMapper().readTree(JsonReport.full(BAD));

        assertThat(json.get("good").asBoolean()).isFalse();
        assertThat(json.at("/verify/lost").asLong()).isEqualTo(2);
        assertThat(json.at("/publishToConfirmUs/p99.9").asDouble()).isEqualTo(3);
        assertThat(json.at("/intervals/0/confirmed").asLong()).isEqualTo(9);
        assertThat(json.at("/plan/numbered").asBoolean()).isTrue();
        assertThat(json.at("/broker/messages_published").asText()).isEqualTo("9");
        assertThat(new ObjectMapper().readTree(JsonReport.summary(GOOD)).has("intervals"))
                .isFalse();
    }

    @Test
    void shouldWriteAPageThatLoadsNothing() {
        String page = HtmlReport.page(BAD);

        assertThat(page)
                .doesNotContainPattern("(?i)\\ssrc\\s*=|<link|@import|url\\(|fetch\\(|XMLHttpRequest|@\\w+@")
                .doesNotContain("</script><b>full")
                .contains("Verified: not good", "lost: &lt;one&gt;", "uPlot", "class=\"bad\"");
        assertThat(page.split("<script", -1)).hasSize(3);
        assertThat(HtmlReport.page(GOOD)).contains("Verified: good", "class=\"good\"");
    }

    @Test
    void shouldNameTheMomentThatLatencyCountsFromAndWhatItEmbeds() {
        assertThat(HtmlReport.page(Plans.result(Plans.closedLoop(), Verdict.NONE)))
                .contains("from the moment of sending", "Leon Sorokin", "Permission is hereby granted")
                .doesNotContain("from the intended time");
        assertThat(HtmlReport.page(GOOD)).contains("from the intended time");
    }

    @Test
    void shouldSayInWordsWhatLimitsTheFigures() {
        assertThat(TextReport.lines(BAD))
                .contains(
                        "behind schedule by up to 25 ms, 1 ms at the end; sockets full 50 % of the time",
                        "1 message refused, the first with: </script><b>full",
                        "verify: NOT GOOD: received 9, lost 2, stored twice 0, delivered twice 0,"
                                + " out of order 0, phantoms 0;"
                                + " redelivered 0");
        assertThat(TextReport.progress(GOOD.plan(), GOOD.measured().intervals().get(0)))
                .isEqualTo("   0.2 s  sent 50/s  confirmed 45/s  delivered 45/s  confirm p99 2 us  deliver p99 2 us");
    }

    @Test
    void shouldWriteTimesWithTheUnitThatSuits() {
        assertThat(List.of(Figures.time(0), Figures.time(999), Figures.time(1_234), Figures.time(123_456)))
                .containsExactly("0 us", "999 us", "1.23 ms", "123 ms");
        assertThat(Figures.time(2_345_678)).isEqualTo("2.35 s");
    }

    /** Nothing is said of confirmations and topics where there are none. */
    @Test
    void shouldKeepToWhatATransportWithoutTopicsHas() throws Exception {
        LoadResult result = Plans.result(Plans.withoutTopics(true), Verdict.NONE);

        assertThat(TextReport.lines(result))
                .contains("1 publisher, 1 tap, zmtp (127.0.0.1:1 to 127.0.0.1:2), 40 B, closed loop, no window")
                .noneMatch(line -> line.contains("confirm"));
        assertThat(TextReport.progress(
                        result.plan(), result.measured().intervals().get(0)))
                .isEqualTo("   0.2 s  sent 50/s  delivered 45/s  deliver p99 2 us");
        JsonNode json = new ObjectMapper().readTree(JsonReport.full(result));
        assertThat(json.at("/plan/consumeFrom").asText()).isEqualTo("127.0.0.1:2");
        assertThat(json.get("plan").has("topic")).isFalse();
        assertThat(json.has("publishToConfirmUs")).isFalse();
        assertThat(json.at("/intervals/0").has("confirmUs")).isFalse();
        assertThat(HtmlReport.page(result))
                .doesNotContainPattern("@\\w+@")
                .doesNotContain("<th>to confirm", "confirmed/s", "id=\"confirm\"", "partitions")
                .contains("publish and subscribe");
    }
}
