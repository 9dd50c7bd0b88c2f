package dev.recado.load.text;

/** Where simulations begin: {@code text().broker("localhost", 8080)}, {@code text("publish").publish("news", 100)}. */
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
