package dev.recado.transport;

import dev.recado.base.Setting;
import dev.recado.base.SettingValues;
import io.vertx.core.Future;
import java.util.List;

/**
 * One wire protocol: a package with an implementation of this, named in a file {@code
 * META-INF/services/dev.recado.transport.Transport} on the class path. Nothing else of the program knows it.
 *
 * <p>An implementation has a public constructor without arguments, is made once a process, and keeps no state: {@link
 * #start} may be called for several nodes. Everything but {@link #start} is asked for by commands too that start
 * nothing, so it is quick, opens nothing and loads few classes. Callable from any thread.
 */
public interface Transport {

    /** What its settings and listeners are called: lower-case letters and digits, as in {@code text}. */
    String name();

    /**
     * All of its settings, in the order in which a person would read them; the same at every call. Keys begin with the
     * {@link #name} and a dot. Among them are the rows of its listeners, {@link DeclaredListener#addressRows} of each
     * and {@link DeclaredListener#backlogRow} once.
     */
    List<Setting> settings();

    /**
     * The listeners that it may bind, the same ones in the same order whatever {@code values} are; these say which are
     * enabled. At least one. What is enabled is held to the rules of all listeners before anything starts: loopback
     * where there is no user, and an address of its own.
     */
    List<DeclaredListener> listeners(SettingValues values);

    /**
     * What is wrong between its own settings, each of which is allowed by itself: one line for each, which names the
     * key, the value and what is allowed. Only what {@link SettingValues#isSound} is to be judged.
     */
    default List<String> problems(SettingValues values) {
        return List.of();
    }

    /**
     * What a protocol has of its own that keeps logins secret, beside TLS.
     *
     * @param isOn whether no password crosses the network readable
     * @param isListed whether only those come whom the operator has listed, whoever the users are
     * @param settings what turns it on, for a person; empty where the protocol has nothing of the kind
     */
    record OwnSealing(boolean isOn, boolean isListed, String settings) {

        /** Of a protocol that leaves that to TLS. */
        public static final OwnSealing NONE = new OwnSealing(false, false, "");
    }

    /** What this one has, with these settings. */
    default OwnSealing sealing(SettingValues values) {
        return OwnSealing.NONE;
    }

    /**
     * Binds the listeners that are enabled, with {@link SessionListener#start}; completes with them, in their order,
     * once connections are accepted. Fails with an {@link java.io.IOException}, whose text names the setting, where
     * the world is not as the settings say (an address in use, a file that cannot be read); the node does not start
     * then. Called on any thread; it does not block, but for small files that are read before anybody is served.
     */
    Future<List<BoundListener>> start(TransportContext context);
}
