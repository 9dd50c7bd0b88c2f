package dev.recado.core.topic;

import dev.recado.base.Refusal;

/** What came of a {@link CatalogChange}. */
public sealed interface CatalogResult {

    /** It is granted: the catalog as it is now, and what is different. */
    record Applied(Catalog catalog, CatalogEvent event) implements CatalogResult {}

    /** It is refused: the catalog stays as it is. */
    record Refused(Refusal refusal) implements CatalogResult {}
}
