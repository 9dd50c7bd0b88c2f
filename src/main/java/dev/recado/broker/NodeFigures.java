package dev.recado.broker;

import java.util.Map;

/** Counters and gauges of one node by metric name, in the order in which a person would read them. */
public record NodeFigures(Map<String, Long> values) {}
