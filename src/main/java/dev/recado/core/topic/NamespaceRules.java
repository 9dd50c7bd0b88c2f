package dev.recado.core.topic;

import dev.recado.base.ErrorCode;
import dev.recado.base.Names;
import dev.recado.base.Refusal;
import dev.recado.core.topic.CatalogChange.CreateNamespace;
import dev.recado.core.topic.CatalogChange.DeleteNamespace;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What may become of namespaces: those of {@link CatalogRules}, with whose catalog and draft it works. One use. */
final class NamespaceRules {

    private final Catalog catalog;
    private final CatalogDraft draft;

    NamespaceRules(Catalog catalog, CatalogDraft draft) {
        this.catalog = catalog;
        this.draft = draft;
    }

    /** Why nothing new may have that name, whose namespace has to be there; or null. */
    static @Nullable Refusal missing(Catalog catalog, TopicName name) {
        return catalog.namespace(name.namespace()) == null ? unknown(name.namespace()) : null;
    }

    private static Refusal unknown(String namespace) {
        return Refusal.of(ErrorCode.NOT_FOUND, "namespace=" + Names.shown(namespace));
    }

    CatalogResult apply(CatalogChange change) {
        if (change instanceof CreateNamespace create) {
            return create(create.name());
        } else if (change instanceof DeleteNamespace delete) {
            return delete(delete);
        }
        throw new AssertionError("change without a rule: " + change.getClass());
    }

    private CatalogResult create(String name) {
        if (catalog.namespace(name) != null) {
            return new CatalogResult.Applied(catalog, new CatalogEvent.Unchanged());
        }
        Refusal problem = Names.problem("namespace", name);
        int now = catalog.namespaces.size() + 1;
        if (problem == null && now >= Catalog.NAMESPACES_MAX) {
            problem = Refusal.of(
                    ErrorCode.LIMIT_REACHED, "too many namespaces, now=" + now + " allowed=" + Catalog.NAMESPACES_MAX);
        }
        if (problem != null) {
            return new CatalogResult.Refused(problem);
        }
        draft.putNamespace(name);
        return new CatalogResult.Applied(draft.build(), new CatalogEvent.NamespaceCreated(name));
    }

    private CatalogResult delete(DeleteNamespace delete) {
        String name = delete.name();
        List<Topic> theirs = catalog.topics.values();
        theirs.removeIf(topic -> !topic.name().namespace().equals(name));
        theirs.sort(Comparator.comparingInt(Topic::id));
        Refusal problem = problemOfEnd(name, delete.withTopics() ? 0 : theirs.size());
        if (problem != null) {
            return new CatalogResult.Refused(problem);
        }
        draft.removeNamespace(name, theirs);
        return new CatalogResult.Applied(draft.build(), new CatalogEvent.NamespaceDropped(name, List.copyOf(theirs)));
    }

    private @Nullable Refusal problemOfEnd(String name, int topicsInTheWay) {
        if (name.equals(TopicName.DEFAULT_NAMESPACE)) {
            return Refusal.of(ErrorCode.NOT_ALLOWED, "the namespace / is always there");
        }
        if (catalog.namespace(name) == null) {
            return unknown(name);
        }
        return topicsInTheWay == 0
                ? null
                : Refusal.of(ErrorCode.IN_USE, "namespace=" + Names.shown(name) + " topics=" + topicsInTheWay);
    }
}
