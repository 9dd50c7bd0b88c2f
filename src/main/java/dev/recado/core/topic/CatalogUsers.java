package dev.recado.core.topic;

import dev.recado.security.UserChange;
import dev.recado.security.Users;

/** What a change of users is to the catalog that has them; what it may be, they judge themselves. */
final class CatalogUsers {

    private CatalogUsers() {}

    static CatalogResult apply(Catalog catalog, CatalogDraft draft, UserChange change) {
        UserChange.Result result = catalog.users().apply(change);
        if (result instanceof UserChange.Result.Refused refused) {
            return new CatalogResult.Refused(refused.why());
        }
        Users users = ((UserChange.Result.Granted) result).users();
        if (users == catalog.users()) {
            return new CatalogResult.Applied(catalog, new CatalogEvent.Unchanged());
        }
        draft.users = users;
        return new CatalogResult.Applied(draft.build(), new CatalogEvent.UsersChanged(users));
    }
}
