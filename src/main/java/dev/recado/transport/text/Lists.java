package dev.recado.transport.text;

import dev.recado.broker.Browsed;
import dev.recado.broker.TopicFigures;
import dev.recado.core.group.GroupSettings;
import dev.recado.core.message.Headers;
import dev.recado.core.message.MessageView;
import dev.recado.core.topic.Binding;
import dev.recado.core.topic.Catalog;
import dev.recado.core.topic.ExchangeDef;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicName;
import dev.recado.core.topic.TopicSettings;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * The answers that are lists: one JSON object a line, ended by a line {@code .}; only the namespace {@code /} is seen.
 */
final class Lists {

    private Lists() {}

    static String topics(Catalog catalog) {
        StringBuilder out = new StringBuilder();
        for (Topic topic : catalog.topics()) {
            if (isVisible(topic.name())) {
                Json json = new Json()
                        .put("name", topic.name().name())
                        .put("kind", topic.settings().kind().wireName())
                        .put("durability", topic.settings().durability().wireName())
                        .put("partitions", topic.partitionCount())
                        .put("groups", topic.groupCount());
                out.append(json.end()).append('\n');
            }
        }
        return out.append('.').toString();
    }

    private static boolean isVisible(TopicName name) {
        return name.namespace().equals(TopicName.DEFAULT_NAMESPACE);
    }

    static String topic(TopicFigures figures) {
        TopicSettings s = figures.topic().settings();
        StringJoiner partitions = new StringJoiner(",", "[", "]");
        for (TopicFigures.PartitionFigures one : figures.partitions()) {
            partitions.add(new Json()
                    .put("partition", one.index())
                    .put("shard", one.shard())
                    .put("first", one.logStart())
                    .put("end", one.end())
                    .end());
        }
        StringJoiner groups = new StringJoiner(",", "[", "]");
        figures.groups().forEach(one -> groups.add(group(one)));
        Json json = new Json()
                .put("name", figures.topic().name().name())
                .put("kind", s.kind().wireName())
                .put("durability", s.durability().wireName())
                .put("partitions", s.partitions())
                .put("retention.time", s.retentionTimeMs())
                .put("retention.bytes", s.retentionBytes())
                .put("retention.force", s.retentionForce())
                .put("limit.messages", s.limitMessages())
                .put("limit.bytes", s.limitBytes())
                .put("limit.message-bytes", s.limitMessageBytes())
                .put("overflow", s.overflow().wireName())
                .put("ttl", s.ttlMs())
                .put("priorities", s.priorities())
                .put("kept", figures.kept())
                .put("bytes", figures.bytes())
                .put("backlog", figures.backlog())
                .putRaw("partition-figures", partitions.toString())
                .putRaw("groups", groups.toString());
        return json.end() + "\n.";
    }

    static String groups(TopicFigures figures) {
        StringBuilder out = new StringBuilder();
        figures.groups().forEach(one -> out.append(group(one)).append('\n'));
        return out.append('.').toString();
    }

    private static String group(TopicFigures.GroupFigures figures) {
        GroupSettings s = figures.group().settings();
        Json json = new Json()
                .put("name", figures.group().name())
                .put("kind", figures.group().kind().wireName())
                .put("strategy", s.strategy().wireName())
                .put("from", figures.group().from().text())
                .put("lease-ms", s.leaseMs())
                .put("max-deliveries", s.maxDeliveries())
                .put("back-off-ms", s.backOffMs())
                .put("nack-counts", s.nackCounts())
                .put("max-members", s.maxMembers())
                .put("members", figures.members())
                .put("floor", figures.floor())
                .put("backlog", figures.backlog())
                .put("ready", figures.ready())
                .put("leased", figures.leased())
                .put("waiting", figures.waiting())
                .put("delivered", figures.delivered())
                .put("acked", figures.acked())
                .put("redelivered", figures.redelivered())
                .put("dead-lettered", figures.deadLettered());
        String deadLetter = s.deadLetter();
        return deadLetter == null
                ? json.end()
                : json.put("dead-letter", deadLetter).end();
    }

    static String exchanges(Catalog catalog) {
        StringBuilder out = new StringBuilder();
        for (ExchangeDef exchange : catalog.exchanges()) {
            if (isVisible(exchange.name())) {
                StringJoiner bindings = new StringJoiner(",", "[", "]");
                for (Binding binding : exchange.bindings()) {
                    Topic topic = catalog.topic(binding.topicId());
                    bindings.add(new Json()
                            .put("topic", topic == null ? "" : topic.name().name())
                            .put("key", binding.key())
                            .put("headers", binding.headers())
                            .end());
                }
                Json json = new Json()
                        .put("name", exchange.name().name())
                        .put("type", exchange.type().wireName())
                        .putRaw("bindings", bindings.toString());
                out.append(json.end()).append('\n');
            }
        }
        return out.append('.').toString();
    }

    /** A payload that is UTF-8 is shown as {@code payload}, any other in Base64 as {@code payload64}. */
    static String messages(Topic topic, List<Browsed> messages) {
        StringBuilder out = new StringBuilder();
        MessageView view = new MessageView();
        for (Browsed message : messages) {
            if (view.read(message.run().bytes(), message.position())) {
                Json json = new Json()
                        .put("id", MessageId.text(topic.partitionCount(), message.partitionIndex(), message.offset()))
                        .put("time", message.run().publishTimeMs());
                if (view.keyLength > 0) {
                    json.put("key", view.keyText());
                }
                if (view.headersLength > 0) {
                    json.put("headers", Headers.toMap(view.bytes, view.headersStart, view.headersLength));
                }
                String text = text(view);
                json.put("bytes", view.payloadLength);
                out.append(text != null ? json.put("payload", text).end() : base64(json, view))
                        .append('\n');
            }
        }
        return out.append('.').toString();
    }

    private static @Nullable String text(MessageView view) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(view.bytes, view.payloadStart, view.payloadLength))
                    .toString();
        } catch (CharacterCodingException notText) {
            return null;
        }
    }

    private static String base64(Json json, MessageView view) {
        ByteBuffer encoded =
                Base64.getEncoder().encode(ByteBuffer.wrap(view.bytes, view.payloadStart, view.payloadLength));
        return json.put("payload64", StandardCharsets.ISO_8859_1.decode(encoded).toString())
                .end();
    }
}
