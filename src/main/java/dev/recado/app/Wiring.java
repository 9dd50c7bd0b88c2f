package dev.recado.app;

/** Which implementation stands behind each port of this room; the one place that names them. */
final class Wiring {

    private Wiring() {}

    /** Makes the broker of a run. */
    static BrokerNode.Factory broker() {
        return RecadoNode::new;
    }

    /** Checks data. */
    static Repairer repairer() {
        return new JournalRepairer();
    }
}
