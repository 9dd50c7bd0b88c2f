package dev.recado.app;

import dev.recado.journal.DamagedException;
import dev.recado.journal.Disk;
import dev.recado.journal.NioDisk;
import dev.recado.journal.Repair;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Repair by the journal room. */
final class JournalRepairer implements Repairer {

    @Override
    public List<String> repair(Path directory, boolean acceptLoss) {
        Disk disk = new NioDisk(directory);
        Repair.Report report = acceptLoss ? Repair.acceptLoss(disk) : Repair.verify(disk);
        List<String> findings = new ArrayList<>();
        for (DamagedException damage : report.damages()) {
            findings.add(String.valueOf(damage.getMessage()));
        }
        return findings;
    }
}
