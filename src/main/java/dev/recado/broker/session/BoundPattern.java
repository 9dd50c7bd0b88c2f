package dev.recado.broker.session;

import dev.recado.core.routing.TopicPattern;
import dev.recado.shard.PatternQueue;

/** What wants all topics that a pattern matches. */
record BoundPattern(TopicPattern pattern, PatternQueue queue) {}
