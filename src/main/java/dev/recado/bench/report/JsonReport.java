package dev.recado.bench.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.recado.bench.Interval;
import dev.recado.bench.Latency;
import dev.recado.bench.LoadPlan;
import dev.recado.bench.LoadResult;
import dev.recado.bench.Verdict;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Map;

/** A result as one JSON object on one line. Latencies are in microseconds, times in milliseconds. */
public final class JsonReport {

    private static final JsonFactory FACTORY = new JsonFactory();

    private JsonReport() {}

    /** The object without the stretches of the run. */
    public static String summary(LoadResult result) {
        return write(result, false);
    }

    /** The object with everything. */
    public static String full(LoadResult result) {
        return write(result, true);
    }

    private static String write(LoadResult result, boolean full) {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = FACTORY.createGenerator(text)) {
            out.writeStartObject();
            out.writeBooleanField("good", result.isGood());
            if (result.ending().failure() != null) {
                out.writeStringField("failure", result.ending().failure());
            }
            out.writeNumberField("startedAtMs", result.startedAtMs());
            plan(out, result.plan());
            counts(out, result);
            if (result.plan().isConfirmed()) {
                latency(out, "publishToConfirmUs", result.measured().confirm(), full);
            }
            latency(out, "publishToDeliverUs", result.measured().deliver(), full);
            generator(out, result.generator());
            if (result.isVerified()) {
                out.writeFieldName("verify");
                verdict(out, result.verdict());
            }
            if (full) {
                intervals(out, result);
            }
            out.writeObjectFieldStart("broker");
            for (Map.Entry<String, String> figure : result.broker().entrySet()) {
                out.writeStringField(figure.getKey(), figure.getValue());
            }
            out.writeEndObject();
            out.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private static void plan(JsonGenerator out, LoadPlan plan) throws IOException {
        out.writeObjectFieldStart("plan");
        out.writeStringField("transport", plan.setup().transport());
        out.writeStringField("broker", plan.setup().endpoints().publishers().toString());
        out.writeStringField("loop", plan.publishing().isOpenLoop() ? "open" : "closed");
        out.writeNumberField("publishers", plan.publishing().publishers());
        out.writeNumberField("consumers", plan.consuming().consumers());
        out.writeBooleanField("tap", plan.consuming().tap());
        if (plan.topics().isNamed()) {
            topics(out, plan);
        } else {
            out.writeStringField(
                    "consumeFrom", plan.setup().endpoints().consumers().toString());
        }
        out.writeNumberField("sizeBytes", plan.publishing().sizeBytes());
        out.writeNumberField("ratePerSecond", plan.publishing().ratePerSecond());
        out.writeStringField("confirm", plan.publishing().confirm().name());
        out.writeNumberField("warmUpMs", plan.timing().warmUpMs());
        out.writeNumberField("durationMs", plan.timing().durationMs());
        out.writeNumberField("count", plan.timing().countMax());
        out.writeNumberField("threads", plan.setup().threads());
        out.writeBooleanField("numbered", plan.isNumbered());
        out.writeEndObject();
    }

    /** What a plan has where clients name topics. */
    private static void topics(JsonGenerator out, LoadPlan plan) throws IOException {
        out.writeNumberField("groups", plan.consuming().groups());
        out.writeStringField("topic", plan.topics().name());
        out.writeNumberField("topics", plan.topics().count());
        out.writeNumberField("partitions", plan.topics().partitions());
        out.writeStringField("kind", plan.topics().kind());
        out.writeStringField("durability", plan.topics().durability());
        out.writeNumberField("window", plan.publishing().window());
        out.writeStringField("ack", plan.consuming().ack().name());
        out.writeNumberField("credit", plan.consuming().credit());
    }

    private static void counts(JsonGenerator out, LoadResult result) throws IOException {
        LoadResult.Counts counts = result.measured().counts();
        out.writeObjectFieldStart("messages");
        out.writeNumberField("sent", counts.sent());
        out.writeNumberField("confirmed", counts.answers().confirmed());
        out.writeNumberField("refused", counts.answers().refused());
        out.writeNumberField("unknown", counts.answers().unknown());
        out.writeNumberField("delivered", counts.delivered());
        out.writeNumberField("deliveredFirst", counts.fresh());
        out.writeNumberField("connectionsLost", counts.lostConnections());
        if (counts.answers().refusal() != null) {
            out.writeStringField("refusal", counts.answers().refusal());
        }
        out.writeEndObject();
        out.writeObjectFieldStart("perSecond");
        out.writeNumberField("seconds", round(result.measured().rates().seconds()));
        out.writeNumberField("sent", Math.round(result.measured().rates().sent()));
        out.writeNumberField("confirmed", Math.round(result.measured().rates().confirmed()));
        out.writeNumberField("delivered", Math.round(result.measured().rates().delivered()));
        out.writeEndObject();
    }

    private static void latency(JsonGenerator out, String name, Latency latency, boolean full) throws IOException {
        out.writeObjectFieldStart(name);
        out.writeNumberField("count", latency.count());
        out.writeNumberField("mean", round(latency.meanUs()));
        out.writeNumberField("p50", round(latency.percentiles().p50Us()));
        out.writeNumberField("p90", round(latency.percentiles().p90Us()));
        out.writeNumberField("p99", round(latency.percentiles().p99Us()));
        out.writeNumberField("p99.9", round(latency.percentiles().p999Us()));
        out.writeNumberField("p99.99", round(latency.percentiles().p9999Us()));
        out.writeNumberField("max", round(latency.maxUs()));
        if (full) {
            out.writeArrayFieldStart("curve");
            for (Latency.Point point : latency.points()) {
                out.writeStartArray();
                out.writeNumber(point.percentile());
                out.writeNumber(round(point.valueUs()));
                out.writeEndArray();
            }
            out.writeEndArray();
        }
        out.writeEndObject();
    }

    private static void generator(JsonGenerator out, LoadResult.Generator generator) throws IOException {
        out.writeObjectFieldStart("generator");
        out.writeNumberField("behindMaxMs", round(generator.behindMaxMs()));
        out.writeNumberField("behindEndMs", round(generator.behindEndMs()));
        out.writeNumberField("blockedShare", round(generator.blockedShare()));
        out.writeNumberField("cpuCores", round(generator.cpuCores()));
        out.writeEndObject();
    }

    private static void verdict(JsonGenerator out, Verdict verdict) throws IOException {
        out.writeStartObject();
        out.writeBooleanField("clean", verdict.isClean());
        out.writeNumberField("received", verdict.received());
        out.writeNumberField("lost", verdict.faults().lost());
        out.writeNumberField("duplicates", verdict.faults().duplicates());
        out.writeNumberField("deliveredTwice", verdict.faults().again());
        out.writeNumberField("disordered", verdict.faults().disordered());
        out.writeNumberField("phantoms", verdict.faults().phantoms());
        out.writeNumberField("redelivered", verdict.redelivered());
        out.writeNumberField("foreign", verdict.foreign());
        out.writeArrayFieldStart("samples");
        for (String sample : verdict.samples()) {
            out.writeString(sample);
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    private static void intervals(JsonGenerator out, LoadResult result) throws IOException {
        out.writeArrayFieldStart("intervals");
        for (Interval interval : result.measured().intervals()) {
            out.writeStartObject();
            out.writeNumberField("fromMs", interval.fromMs());
            out.writeNumberField("lengthMs", interval.lengthMs());
            out.writeNumberField("sent", interval.counts().sent());
            out.writeNumberField("confirmed", interval.counts().confirmed());
            out.writeNumberField("delivered", interval.counts().delivered());
            if (result.plan().isConfirmed()) {
                span(out, "confirmUs", interval.confirm());
            }
            span(out, "deliverUs", interval.deliver());
            out.writeNumberField("behindMs", round(interval.behindMs()));
            out.writeEndObject();
        }
        out.writeEndArray();
    }

    private static void span(JsonGenerator out, String name, Interval.Span span) throws IOException {
        out.writeObjectFieldStart(name);
        out.writeNumberField("p50", round(span.p50Us()));
        out.writeNumberField("p99", round(span.p99Us()));
        out.writeNumberField("max", round(span.maxUs()));
        out.writeEndObject();
    }

    private static double round(double value) {
        return Math.round(value * 1_000) / 1_000.0;
    }
}
