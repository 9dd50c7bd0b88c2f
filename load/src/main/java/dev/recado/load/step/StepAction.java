package dev.recado.load.step;

import com.typesafe.scalalogging.Logger;
import io.gatling.core.action.Action;
import io.gatling.core.protocol.ProtocolKey;
import io.gatling.core.session.Session;
import io.gatling.core.structure.ScenarioContext;
import io.gatling.javaapi.core.ActionBuilder;

/**
 * One step of a scenario: makes a {@link Turn} for each user that comes by.
 *
 * @param <K> how the protocol connects
 * @param <C> connections of the protocol
 */
public final class StepAction<K extends Connections<C>, C extends Connection> implements Action {

    private static final Logger LOGGER = Logger.apply("dev.recado.load");

    private final String name;
    private final Step<K, C> step;
    private final ScenarioContext context;
    private final Action next;
    private final K connections;

    /**
     * What a step does; it ends the turn exactly once, now or later.
     *
     * @param <K> how the protocol connects
     * @param <C> connections of the protocol
     */
    public interface Step<K extends Connections<C>, C extends Connection> {
        /** Begins; what it throws fails the turn. */
        void begin(Turn<C> turn, K connections);
    }

    private StepAction(String name, Step<K, C> step, ScenarioContext context, Action next, ProtocolKey<?, K> key) {
        this.name = name;
        this.step = step;
        this.context = context;
        this.next = next;
        this.connections = context.protocolComponentsRegistry().components(key);
    }

    /** A step by the name that the report shows, for the protocol of that key. */
    public static <K extends Connections<C>, C extends Connection> ActionBuilder builder(
            String name, ProtocolKey<?, K> key, Step<K, C> step) {
        io.gatling.core.action.builder.ActionBuilder scala =
                (context, next) -> new StepAction<>(name, step, context, next, key);
        return () -> scala;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void execute(Session session) {
        Turn<C> turn =
                new Turn<>(name, session, connections, context.coreComponents().statsEngine(), next);
        try {
            step.begin(turn, connections);
        } catch (RuntimeException thrown) {
            turn.fail(thrown.toString(), connections.nowMs());
        }
    }

    @Override
    public Logger logger() {
        return LOGGER;
    }

    /** Scala's way of setting a field of a trait; the logger is set already. */
    @Override
    public void com$typesafe$scalalogging$StrictLogging$_setter_$logger_$eq(Logger logger) {}
}
