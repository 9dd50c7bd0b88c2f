package dev.recado.apps.coffee.state;

import dev.recado.apps.coffee.wire.Batch;
import dev.recado.apps.coffee.wire.BatchCodec;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The batches of one table of a session as they were on disk at one moment, for a thread that takes its time: it reads
 * a file of its own, and holds one batch at a time. Once the session has ended there may be no such file any more.
 */
public final class CommittedBatches {

    private record Place(long number, long at) {}

    private final ChunkLog.Committed log;

    CommittedBatches(ChunkLog.Committed log) {
        this.log = log;
    }

    /** Hands the batches out in the order in which they came. */
    void readAsTheyCame(BatchSink reader) throws IOException {
        try (FileChannel channel = FileChannel.open(log.data(), StandardOpenOption.READ)) {
            read(new ChunkFile(log.data(), channel, log.bytes()), (at, batch) -> reader.onBatch(batch));
        }
    }

    private interface PlacedSink {
        void onBatch(long at, Batch batch) throws IOException;
    }

    private static void read(ChunkFile file, PlacedSink reader) throws IOException {
        file.read((at, chunk) -> {
            Batch batch = BatchCodec.decode(chunk);
            if (batch != null && !batch.isEos()) {
                reader.onBatch(at, batch);
            }
        });
    }

    /** Hands the batches out in the order of their numbers, in which they need not have come. */
    public void read(BatchSink reader) throws IOException {
        try (FileChannel channel = FileChannel.open(log.data(), StandardOpenOption.READ)) {
            ChunkFile file = new ChunkFile(log.data(), channel, log.bytes());
            List<Place> places = new ArrayList<>();
            read(file, (at, batch) -> places.add(new Place(batch.number(), at)));
            places.sort(Comparator.comparingLong(Place::number));
            for (Place place : places) {
                Batch batch = BatchCodec.decode(file.read(place.at()));
                if (batch != null) {
                    reader.onBatch(batch);
                }
            }
        }
    }
}
