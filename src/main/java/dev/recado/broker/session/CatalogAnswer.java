package dev.recado.broker.session;

import dev.recado.base.Refusal;
import dev.recado.core.topic.Catalog;
import org.jspecify.annotations.Nullable;

/** Who asked for a change of the catalog; called on its own loop with the catalog as it is then. */
public interface CatalogAnswer {
    void on(Catalog catalog, @Nullable Refusal refusal);
}
