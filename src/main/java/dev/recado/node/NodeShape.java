package dev.recado.node;

import dev.recado.broker.session.BrokerSettings;
import dev.recado.journal.JournalSettings;
import dev.recado.journal.SegmentSettings;

/** What a node is told when it is built: how many shards of partitions it has, and all its bounds. */
public record NodeShape(
        int shards, String version, BrokerSettings settings, JournalSettings journal, SegmentSettings segments) {}
