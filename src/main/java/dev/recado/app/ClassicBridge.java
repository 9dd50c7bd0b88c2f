package dev.recado.app;

import dev.recado.app.classic.ClassicReader;
import dev.recado.app.classic.ClassicSink;
import dev.recado.app.classic.ClassicWriter;
import dev.recado.base.PercentCodec;
import dev.recado.broker.Broker;
import dev.recado.broker.Browsed;
import dev.recado.broker.TopicFigures;
import dev.recado.core.group.GroupSettings;
import dev.recado.core.message.MessageView;
import dev.recado.core.topic.CatalogChange;
import dev.recado.core.topic.GroupKind;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicName;
import dev.recado.core.topic.TopicSettings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code recado broker FILE}: reads the classic file into the topic {@code default} at start, writes it at stop. The
 * consumers' positions stand in the file of the same name with {@code .offsets} behind it; lines of both kinds are read
 * from either.
 *
 * <p>Ids are offsets, so the topic is made with one partition whatever the defaults are; export keeps to its first.
 *
 * <p>The file is read only while the topic is empty: from the first stop on the data directory holds everything that
 * the file holds, and reading it again would repeat it.
 */
final class ClassicBridge {

    private static final Logger LOG = LoggerFactory.getLogger(ClassicBridge.class);
    private static final TopicName TOPIC = TopicName.of("default");
    private static final int BATCH = 500;

    private final Vertx vertx;
    private final Broker broker;
    private final TopicSettings topicDefaults;

    ClassicBridge(Vertx vertx, Broker broker, TopicSettings topicDefaults) {
        this.vertx = vertx;
        this.broker = broker;
        this.topicDefaults = topicDefaults.partitions() == 1 ? topicDefaults : TopicSettings.DEFAULT;
    }

    static Path offsetsOf(Path file) {
        return file.resolveSibling(file.getFileName() + ".offsets");
    }

    Future<Void> importFrom(Path file) {
        return vertx.executeBlocking(() -> {
            try (LinkBridge link = LinkBridge.open(vertx, broker)) {
                doImport(file, link);
            }
            return null;
        });
    }

    private void doImport(Path file, LinkBridge link) throws IOException {
        link.call(l -> l.change(new CatalogChange.CreateTopic(TOPIC, UUID.randomUUID(), topicDefaults, true)));
        Topic topic = link.topic(TOPIC);
        TopicFigures figures = link.call(l -> l.describe(topic));
        long stored = figures.partitions().stream()
                .mapToLong(TopicFigures.PartitionFigures::end)
                .sum();
        if (stored > 0) {
            LOG.info("classic file not read, the topic holds its messages already file={} stored={}", file, stored);
            return;
        }
        Importer importer = new Importer(link, topic);
        for (Path each : List.of(file, offsetsOf(file))) {
            if (Files.exists(each)) {
                try (InputStream in = Files.newInputStream(each)) {
                    new ClassicReader(in, topicDefaults.limitMessageBytes()).read(importer);
                }
            }
        }
        importer.finish();
        LOG.info("classic file read file={} messages={} problems={}", file, importer.count, importer.problems);
    }

    /** Publishes what the reader finds, a batch at a time, then makes the consumers' groups. */
    private static final class Importer implements ClassicSink {
        private final LinkBridge link;
        private final Topic topic;
        private final List<byte[]> batch = new ArrayList<>();
        private final List<Long> ids = new ArrayList<>();
        private final Map<String, Long> consumers = new LinkedHashMap<>();
        private long count;
        private long problems;

        private Importer(LinkBridge link, Topic topic) {
            this.link = link;
            this.topic = topic;
        }

        @Override
        public void onMessage(long id, long timestampMs, byte[] content) {
            batch.add(content);
            ids.add(id);
            count++;
            if (batch.size() >= BATCH) {
                flush();
            }
        }

        @Override
        public void onConsumer(String consumer, long offset) {
            String name = PercentCodec.decode(consumer);
            consumers.put(name == null ? consumer : name, offset);
        }

        @Override
        public void onProblem(long line, String fact) {
            problems++;
            LOG.warn("classic file: line passed over line={} problem={}", line, fact);
        }

        private void flush() {
            List<byte[]> contents = List.copyOf(batch);
            batch.clear();
            link.publishAll(topic, contents);
        }

        private void finish() {
            flush();
            consumers.forEach((consumer, offset) -> link.call(l -> l.change(new CatalogChange.CreateGroup(
                    topic.uuid(),
                    consumer,
                    GroupKind.PRIVATE,
                    GroupSettings.DEFAULT,
                    new StartPosition.AtOffset(indexOf(offset)),
                    System.currentTimeMillis(),
                    true))));
        }

        /** The offset of the first message whose id in the file is at least {@code id}. */
        private long indexOf(long id) {
            for (int i = 0; i < ids.size(); i++) {
                if (ids.get(i) >= id) {
                    return i;
                }
            }
            return ids.size();
        }
    }

    Future<Void> exportTo(Path file) {
        return vertx.executeBlocking(() -> {
            try (LinkBridge link = LinkBridge.open(vertx, broker)) {
                doExport(file, link);
            }
            return null;
        });
    }

    private void doExport(Path file, LinkBridge link) throws IOException {
        Topic topic = link.topic(TOPIC);
        AtomicFile.write(file, out -> writeMessages(out, link, topic));
        TopicFigures figures = link.call(l -> l.describe(topic));
        AtomicFile.write(offsetsOf(file), out -> writeConsumers(out, figures));
    }

    private static void writeMessages(OutputStream out, LinkBridge link, Topic topic) throws IOException {
        ClassicWriter writer = new ClassicWriter(out);
        MessageView view = new MessageView();
        long from = 0;
        while (true) {
            StartPosition position = new StartPosition.AtOffset(from);
            List<Browsed> page = link.call(l -> l.browse(topic, position, BATCH));
            long before = from;
            for (Browsed message : page) {
                if (message.offset() >= from) {
                    view.read(message.run().bytes(), message.position());
                    writer.message(
                            message.offset(),
                            message.run().publishTimeMs(),
                            view.bytes,
                            view.payloadStart,
                            view.payloadLength);
                    from = message.offset() + 1;
                }
            }
            if (from == before) {
                return;
            }
        }
    }

    private static void writeConsumers(OutputStream out, TopicFigures figures) throws IOException {
        ClassicWriter writer = new ClassicWriter(out);
        for (TopicFigures.GroupFigures group : figures.groups()) {
            if (group.group().kind() == GroupKind.PRIVATE) {
                writer.consumer(PercentCodec.encode(group.group().name()), group.floor());
            }
        }
    }
}
