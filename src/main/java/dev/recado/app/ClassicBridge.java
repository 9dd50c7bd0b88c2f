package dev.recado.app;

import dev.recado.app.classic.ClassicReader;
import dev.recado.app.classic.ClassicSink;
import dev.recado.app.classic.ClassicWriter;
import dev.recado.base.BrokerException;
import dev.recado.base.ErrorCode;
import dev.recado.base.PercentCodec;
import dev.recado.base.Refusal;
import dev.recado.broker.Broker;
import dev.recado.core.group.GroupSettings;
import dev.recado.core.message.Browsed;
import dev.recado.core.message.Draft;
import dev.recado.core.message.Headers;
import dev.recado.core.message.MessageView;
import dev.recado.core.topic.CatalogChange;
import dev.recado.core.topic.GroupKind;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicFigures;
import dev.recado.core.topic.TopicName;
import dev.recado.core.topic.TopicSettings;
import dev.recado.file.WholeFiles;
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
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code recado broker FILE}: reads the {@link ClassicFiles} into the topic {@code default} at start, writes them at
 * stop. What the broker did not write itself is kept under another name before.
 *
 * <p>Ids are offsets, so the topic is made with one partition whatever the defaults are; export keeps to its first.
 *
 * <p>The files are read only while the topic is empty: from the first stop on the data directory holds everything that
 * they hold, and reading them again would repeat it. A reading that was interrupted is taken up where it stopped, as
 * long as the file is the same: its messages are numbered, and {@value #READING} in the data directory says by whom.
 */
final class ClassicBridge {

    private static final Logger LOG = LoggerFactory.getLogger(ClassicBridge.class);
    private static final TopicName TOPIC = TopicName.of("default");
    private static final int BATCH = 500;
    private static final int TOLD_MAX = 20;

    /** Two lines: the producer of the reading under way, and what it reads. */
    static final String READING = "classic-reading";

    private final Vertx vertx;
    private final Broker broker;
    private final TopicSettings topicDefaults;
    private final OwnFiles ownFiles;
    private final Path reading;

    ClassicBridge(Vertx vertx, Broker broker, TopicSettings topicDefaults, Path dataDirectory) {
        this.vertx = vertx;
        this.broker = broker;
        this.topicDefaults = topicDefaults.partitions() == 1 ? topicDefaults : TopicSettings.DEFAULT;
        ownFiles = new OwnFiles(dataDirectory);
        reading = dataDirectory.resolve(READING);
    }

    Future<Void> importFrom(Path file) {
        return vertx.executeBlocking(() -> {
            try (LinkBridge link = LinkBridge.open(vertx, broker)) {
                doImport(ClassicFiles.of(file), link);
            }
            return null;
        });
    }

    private void doImport(ClassicFiles files, LinkBridge link) throws IOException {
        link.call(l -> l.change(new CatalogChange.CreateTopic(TOPIC, UUID.randomUUID(), topicDefaults, true)));
        Topic topic = link.topic(TOPIC);
        TopicFigures figures = link.call(l -> l.describe(topic));
        long stored = figures.partitions().stream()
                .mapToLong(TopicFigures.PartitionFigures::end)
                .sum();
        String what = FileStamp.of(files.messages()) + " limit=" + topicDefaults.limitMessageBytes();
        String producer = producerOf(what);
        if (stored > 0 && producer == null) {
            tellNotRead(files, stored);
            return;
        }
        if (producer == null) {
            producer = "classic-" + UUID.randomUUID();
            byte[] mark = WholeFiles.utf8(producer + "\n" + what + "\n");
            WholeFiles.write(reading, out -> out.write(mark));
        }
        Importer importer = new Importer(link, topic, producer);
        try {
            for (Path each : files.both()) {
                read(each, importer);
            }
            importer.finish();
        } catch (BrokerException e) {
            throw e.code() == ErrorCode.TOPIC_FULL ? full(files, topic, importer.number) : e;
        }
        Files.delete(reading);
        LOG.info(
                "classic file read file={} messages={} positions={} rejected={}",
                files.messages(),
                importer.number,
                importer.consumers.size(),
                importer.problems);
    }

    /** Its limit stays as it was made, whatever the settings say by now. */
    private static BrokerException full(ClassicFiles files, Topic topic, long number) {
        TopicSettings settings = topic.settings();
        return BrokerException.of(Refusal.of(
                ErrorCode.TOPIC_FULL,
                "topic default is full before message " + number + " of " + files.messages() + ", limit.messages="
                        + settings.limitMessages() + " limit.bytes=" + settings.limitBytes()
                        + ": start the broker without the file, then `recado topic alter default --set"
                        + " limit.messages=N`, and start it with the file again, which reads on"));
    }

    /** Who has read a part of {@code what}, or null. */
    private @Nullable String producerOf(String what) throws IOException {
        if (!Files.exists(reading)) {
            return null;
        }
        List<String> lines = Files.readAllLines(reading);
        return lines.size() == 2 && lines.get(1).equals(what) ? lines.get(0) : null;
    }

    private void tellNotRead(ClassicFiles files, long stored) throws IOException {
        if (ownFiles.isOwn(files.messages())) {
            LOG.info(
                    "classic file not read, the topic holds its messages already file={} stored={}",
                    files.messages(),
                    stored);
        } else if (Files.exists(reading)) {
            LOG.warn(
                    "classic file not read on: since its reading was interrupted it changed, or"
                            + " topics.default.limit.message-bytes did; recado import FILE publishes what is missing"
                            + " file={} stored={}",
                    files.messages(),
                    stored);
        } else {
            LOG.warn(
                    "classic file not read: topic default holds messages already, which replace it at the stop; a copy"
                            + " is kept then, and recado import FILE publishes it now file={} stored={}",
                    files.messages(),
                    stored);
        }
    }

    private void read(Path file, Importer importer) throws IOException {
        if (!Files.exists(file)) {
            return;
        }
        try (InputStream in = Files.newInputStream(file);
                RejectedLines rejected = new RejectedLines(ClassicFiles.rejectedOf(file))) {
            importer.rejected = rejected;
            new ClassicReader(in, topicDefaults.limitMessageBytes()).read(importer);
            Path kept = rejected.publish();
            if (kept != null) {
                LOG.warn("classic file: what could not be read is kept file={} rejected={}", file, kept);
            }
        }
    }

    /** Publishes what the reader finds, a batch at a time, then makes the consumers' groups. */
    private final class Importer implements ClassicSink {
        private final LinkBridge link;
        private final Topic topic;
        private final String producer;
        /** Number of the first message that is not stored yet. */
        private final long start;

        private final List<Draft> batch = new ArrayList<>();
        private final List<Long> ids = new ArrayList<>();
        private final Map<String, Long> consumers = new LinkedHashMap<>();
        private @Nullable RejectedLines rejected;
        private long number;
        private long problems;

        private Importer(LinkBridge link, Topic topic, String producer) {
            this.link = link;
            this.topic = topic;
            this.producer = producer;
            start = link.call(l -> l.producer(producer, 0));
        }

        @Override
        public void onMessage(long id, long timestamp, byte[] content) {
            ids.add(id);
            if (number++ < start) {
                return;
            }
            Draft draft = new Draft().payload(content, 0, content.length);
            // The content may be of the very size that is allowed; then the time gives way.
            if (content.length <= topicDefaults.limitMessageBytes() - ClassicTime.BYTES_MAX) {
                byte[] headers = ClassicTime.headers(timestamp);
                draft.headers(headers, 0, headers.length);
            }
            batch.add(draft);
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
        public OutputStream onProblem(long line, String fact) throws IOException {
            if (++problems <= TOLD_MAX) {
                LOG.warn("classic file: line passed over line={} problem={}", line, fact);
            }
            return Objects.requireNonNull(rejected, "no file is read").out();
        }

        private void flush() {
            List<Draft> full = List.copyOf(batch);
            batch.clear();
            link.publishAll(topic, producer, number - full.size(), full);
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
                doExport(ClassicFiles.of(file), link);
            }
            return null;
        });
    }

    private void doExport(ClassicFiles files, LinkBridge link) throws IOException {
        Topic topic = link.topic(TOPIC);
        replace(files.messages(), out -> writeMessages(out, link, topic));
        TopicFigures figures = link.call(l -> l.describe(topic));
        replace(files.positions(), out -> writeConsumers(out, figures));
        // What was half read is not there under its name any more.
        Files.deleteIfExists(reading);
    }

    private void replace(Path file, WholeFiles.Content content) throws IOException {
        Path kept = ownFiles.replace(file, content);
        if (kept != null) {
            LOG.info("classic file replaced, what was there is kept file={} kept={}", file, kept);
        }
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
                    String header = Headers.find(view.bytes, view.headersStart, view.headersLength, ClassicTime.HEADER);
                    writer.message(
                            message.offset(),
                            ClassicTime.timestamp(header, message.run().publishTimeMs()),
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
                writer.consumer(
                        PercentCodec.encode(group.group().name()),
                        group.unfinished().floor());
            }
        }
    }
}
