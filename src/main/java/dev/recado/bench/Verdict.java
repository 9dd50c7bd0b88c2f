package dev.recado.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * What the verifier found in one group, or in all of them together.
 *
 * @param received messages, each counted once
 * @param redelivered deliveries of what had been delivered before, which is allowed
 * @param foreign messages of others in the same topics
 * @param samples the first faults, for a person
 */
public record Verdict(long received, Faults faults, long redelivered, long foreign, List<String> samples) {

    /**
     * What must not be.
     *
     * @param lost confirmed and not received
     * @param duplicates stored twice
     * @param again delivered twice as if for the first time, though no connection was lost between
     * @param disordered first deliveries behind a later message of the same publisher
     * @param phantoms received and never sent, or not as sent
     */
    public record Faults(long lost, long duplicates, long again, long disordered, long phantoms) {

        private boolean isNone() {
            return lost == 0 && duplicates == 0 && again == 0 && disordered == 0 && phantoms == 0;
        }

        private Faults and(Faults other) {
            return new Faults(
                    lost + other.lost,
                    duplicates + other.duplicates,
                    again + other.again,
                    disordered + other.disordered,
                    phantoms + other.phantoms);
        }
    }

    /** Nothing received, nothing wrong. */
    public static final Verdict NONE = new Verdict(0, new Verdict.Faults(0, 0, 0, 0, 0), 0, 0, List.of());

    public boolean isClean() {
        return faults.isNone();
    }

    /** Both together. */
    public Verdict and(Verdict other) {
        List<String> both = new ArrayList<>(samples);
        both.addAll(other.samples);
        return new Verdict(
                received + other.received,
                faults.and(other.faults),
                redelivered + other.redelivered,
                foreign + other.foreign,
                List.copyOf(both.subList(0, Math.min(10, both.size()))));
    }
}
