package dev.recado.broker.session;

import dev.recado.security.Users;

/** Where a session's rights are asked for; see {@link GuardedLink}. Owned by the session's loop. */
interface SessionDoor {

    /**
     * Users have changed: from now on the session may do what its identity may now, and what it subscribes to without
     * the right ends. Where nothing lets it in any more it may do nothing, and is to be closed.
     */
    void renew(Users users, long nowMs);

    /** Whether nothing lets the session in any more. */
    boolean isGone();
}
