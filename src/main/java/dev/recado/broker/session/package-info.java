/**
 * What belongs to sessions, each on its event loop: what they may do, links, subscriptions, taps, inboxes, pattern
 * queues, the turn of a loop. It tells shards what sessions want and hears what comes of it; of the node it sees {@link
 * SessionNode} alone.
 */
@NullMarked
package dev.recado.broker.session;

import org.jspecify.annotations.NullMarked;
