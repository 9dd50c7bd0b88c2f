package dev.recado.app;

import dev.recado.base.TimeSource;
import dev.recado.config.Config;
import dev.recado.journal.DamagedException;
import dev.recado.journal.DataDirectory;
import dev.recado.journal.Disk;
import dev.recado.journal.NioDisk;
import dev.recado.journal.Repair;
import dev.recado.node.Inspection;
import dev.recado.node.NodeShape;
import dev.recado.node.NodeStart;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;

/** Repair by the journal and broker rooms: a look, then a start past the damage that ends with two checkpoints. */
final class JournalRepairer implements Repairer {

    /** Both state files have to stand behind the damage. */
    private static final int CHECKPOINTS = 2;

    /** A gap is told by what follows it; at the end of what a shard has in the journal nothing does. */
    private static final String UNCOUNTED =
            "not to be counted, and perhaps lost: the last changes of topics and groups,"
                    + " and the last messages of topics of which the journal holds nothing behind the damage;"
                    + " their offsets are given again";

    @Override
    public void repair(Path directory, boolean acceptLoss, Consumer<String> findings) throws IOException {
        Disk disk = new NioDisk(directory);
        DamagedException identity = DataDirectory.identityDamage(disk);
        if (identity != null) {
            findings.accept(String.valueOf(identity.getMessage()));
            if (acceptLoss) {
                DataDirectory.mendIdentity(disk, UUID::randomUUID).forEach(findings);
            }
        }
        int shards = identity == null || acceptLoss
                ? DataDirectory.readIdentity(disk).shards()
                : DataDirectory.SHARDS;
        Inspection.Findings found = Inspection.look(disk, shards);
        for (DamagedException damage : found.damages()) {
            findings.accept(String.valueOf(damage.getMessage()));
        }
        found.losses().forEach(findings);
        if (found.damages().stream().anyMatch(DamagedException::isOfJournal)) {
            findings.accept(UNCOUNTED);
        }
        if (found.stateLost()) {
            throw new IOException(
                    "no state file can be read, so that nothing tells which topics the segments belong to:"
                            + " nothing is changed, restore a backup");
        }
        if (acceptLoss && !found.damages().isEmpty()) {
            Repair.mendSegments(disk);
            for (int i = 0; i < CHECKPOINTS; i++) {
                startPastDamage(disk, shards);
            }
        }
    }

    private static void startPastDamage(Disk disk, int shards) throws IOException {
        RoomSettings settings = new RoomSettings(Config.defaults());
        Vertx vertx = Vertx.vertx(new VertxOptions()
                .setEventLoopPoolSize(settings.eventLoops())
                .setFileSystemOptions(RecadoNode.NO_FILES));
        CompletableFuture<Void> failure = new CompletableFuture<>();
        try {
            CompletableFuture<Void> done = NodeStart.salvage(new NodeStart.Parts(
                            vertx,
                            disk,
                            new NodeShape(
                                    shards,
                                    BuildVersion.full(),
                                    settings.broker(),
                                    settings.journal(),
                                    settings.segments()),
                            TimeSource.system(),
                            failure::completeExceptionally))
                    .toCompletionStage()
                    .toCompletableFuture();
            CompletableFuture.anyOf(done, failure).get();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", interrupted);
        } catch (ExecutionException failed) {
            throw new IOException("the broker does not start past the damage: " + failed.getCause(), failed);
        } finally {
            vertx.close();
        }
    }
}
