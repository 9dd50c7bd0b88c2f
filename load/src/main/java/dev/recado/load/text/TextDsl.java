package dev.recado.load.text;

/** Where simulations begin: {@code text().broker("127.0.0.1", 8080)} and {@code text("publish").publish("orders", 100)}. */
public final class TextDsl {

    private TextDsl() {}

    /** The protocol of a simulation, with defaults. */
    public static TextProtocol text() {
        return TextProtocol.withDefaults();
    }

    /** A request, by the name that the report shows. */
    public static TextRequest text(String name) {
        return new TextRequest(name);
    }
}
