package dev.recado.apps.coffee.query;

import dev.recado.apps.coffee.data.CoffeeRow.Naming;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Names by id. Where one id has several, the one that sorts first counts, so that their order does not matter. */
final class NamesById {

    private final Map<Long, String> names = new HashMap<>();

    void add(Naming naming) {
        names.merge(
                naming.id(), naming.name(), (one, other) -> CodePoints.ORDER.compare(one, other) <= 0 ? one : other);
    }

    /** Null where nobody has named it. */
    @Nullable
    String name(long id) {
        return names.get(id);
    }
}
