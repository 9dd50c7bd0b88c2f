package dev.recado.load.text;

import com.typesafe.scalalogging.Logger;
import io.gatling.core.action.Action;
import io.gatling.core.session.Session;
import io.gatling.core.structure.ScenarioContext;

/** One step of a scenario: makes a {@link Turn} for each user that comes by. */
final class TextAction implements Action {

    private static final Logger LOGGER = Logger.apply("dev.recado.load.text");

    private final String name;
    private final Step step;
    private final ScenarioContext context;
    private final Action next;
    private final TextComponents components;

    /** What a step does; it ends the turn exactly once, now or later. */
    interface Step {
        void begin(Turn turn);
    }

    TextAction(String name, Step step, ScenarioContext context, Action next) {
        this.name = name;
        this.step = step;
        this.context = context;
        this.next = next;
        this.components = context.protocolComponentsRegistry().components(TextComponents.KEY);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void execute(Session session) {
        Turn turn = new Turn(name, session, components, context.coreComponents().statsEngine(), next);
        try {
            step.begin(turn);
        } catch (RuntimeException thrown) {
            turn.fail(thrown.toString(), components.nowMs());
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
