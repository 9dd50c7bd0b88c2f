package dev.recado.broker;

import dev.recado.base.Ledger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Counters and gauges of one node, in the order in which a person would read them, and who holds how much of its heap.
 */
public record NodeFigures(List<Figure> figures, List<Ledger.Share> shares) {

    public NodeFigures {
        figures = List.copyOf(figures);
        shares = List.copyOf(shares);
    }

    /** All by name, in that order: of each share {@code bytes_<share>} and its bound {@code bytes_<share>_max}. */
    public Map<String, Long> values() {
        Map<String, Long> values = new LinkedHashMap<>();
        figures.forEach(figure -> values.put(figure.name(), figure.value()));
        for (Ledger.Share share : shares) {
            values.put("bytes_" + share.name(), share.bytes());
            values.put("bytes_" + share.name() + "_max", share.bytesMax());
        }
        return values;
    }
}
