package dev.recado.load;

import java.time.Duration;

/** A modest rate for a long time: what leaks, grows or slows down shows here. */
public class SoakSimulation extends ConstantRateSimulation {

    /** Read by Gatling. */
    public SoakSimulation() {
        super(Duration.ofMinutes(10), 200);
    }
}
