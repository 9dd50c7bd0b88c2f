package dev.recado.load.amqp;

/** Where simulations begin: {@code amqp().broker("localhost", 5672)}, {@code amqp("publish").publish("jobs", 100)}. */
public final class AmqpDsl {

    private AmqpDsl() {}

    /** The protocol of a simulation, with defaults. */
    public static AmqpProtocol amqp() {
        return AmqpProtocol.withDefaults();
    }

    /** A request, by the name that the report shows. */
    public static AmqpRequest amqp(String name) {
        return new AmqpRequest(name);
    }
}
