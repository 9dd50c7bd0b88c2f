package dev.recado.broker;

import dev.recado.base.Refusal;
import dev.recado.core.message.Browsed;
import dev.recado.core.message.Draft;
import dev.recado.core.topic.Catalog;
import dev.recado.core.topic.CatalogChange;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicFigures;
import dev.recado.security.Identity;
import io.vertx.core.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One session's way into the broker. Owned by the session's event loop; not thread-safe.
 *
 * <p>Everything that a session asks about one partition is served in the order asked: publishes of this turn are sealed
 * and sent first (read your own publish). Futures complete on the session's loop; they fail with
 * {@link dev.recado.base.BrokerException}. Control calls are barriers by convention: the session parses nothing more
 * until they are answered.
 *
 * <p>Each call is held against the rights of the session's {@link #identity} first, whatever transport makes it: one
 * that it may not make is refused with NOT_AUTHORIZED, or NOT_AUTHENTICATED before a login, and has done nothing. Which
 * right a call needs, and what it reaches by other ways, is in decision 47.
 */
public interface Link {

    /** Routing keys of one publish. */
    int KEYS_MAX = 1_024;

    /** Everything there is, for the session's own use; what a peer is shown passes {@link Broker#isVisible}. */
    Catalog catalog();

    /** As whom the session came, or has logged in last. */
    Identity identity();

    /**
     * The session has logged in: what it does from now on is done as {@code identity}. What it holds stays. False, and
     * nothing, where what let it in has ended since it was judged.
     */
    boolean identify(Identity identity);

    /** The namespace in which the session works: whatever it names lies there. {@code /} at first. */
    String namespace();

    /**
     * Works in {@code namespace} from now on; what it has subscribed to, and what is on its way, stays what it is.
     * NOT_FOUND where there is no such namespace, NOT_AUTHORIZED where the session may do nothing there, NOT_ALLOWED
     * where it has asked for the id of a producer, which is one of the namespace. A namespace that is deleted later
     * leaves its sessions be: what they ask for is not found.
     *
     * @return why not, or null
     */
    @Nullable
    Refusal enter(String namespace);

    /** Who the session is, as it was said last; the user is the one of its {@link #identity}. */
    SessionInfo info();

    /**
     * Says who the session is, where its transport has learned more of that; user and namespace in it do not count.
     */
    void introduce(SessionInfo info);

    /**
     * Publishes to one topic. The bytes are copied before the call returns; the outcome comes as
     * {@link SessionPort#onConfirmed} or {@link SessionPort#onRefused}, in any order between partitions.
     *
     * @param ticket the session's own dense, ascending number of this publish
     * @return a refusal that was decided at once (nothing comes later, and the ticket is the next publish's), or null
     */
    @Nullable
    Refusal publish(Topic topic, Draft draft, long ticket);

    /** As {@link #publish} for a producer that numbers its messages; see {@link #producer}. */
    @Nullable
    Refusal publishNumbered(Topic topic, Draft draft, long ticket, String producer, long sequence);

    /**
     * Publishes through an exchange, to every topic that its bindings lead to; the outcome is
     * {@link SessionPort#onRouted} (or {@link SessionPort#onConfirmed}, of a session that does not count topics, see
     * {@link PublishPort#countsTopics}), or {@link SessionPort#onRefused}; where there is none it comes before the call
     * returns. {@code producer} is null where the message is not numbered. Refused with EXCHANGE_NOT_FOUND, or
     * NOT_ALLOWED where only exchanges lead to that one. {@code key} is what bindings compare; headers exchanges
     * compare the headers of {@code draft}.
     */
    @Nullable
    Refusal publishThrough(
            String exchange, String key, Draft draft, long ticket, @Nullable String producer, long sequence);

    /**
     * As before by several routing keys, 1 to {@link #KEYS_MAX}, together: each topic that one of them leads to gets
     * the message once, and an exchange's alternate is asked where none of them matches. INVALID_ARGUMENT for any other
     * number of keys.
     */
    @Nullable
    Refusal publishThrough(
            String exchange, List<String> keys, Draft draft, long ticket, @Nullable String producer, long sequence);

    /**
     * Publishes a request: as {@link #publish}, with the header {@code reply-to} naming this session's inbox and
     * {@code correlation}; the answer comes as {@link SessionPort#onReply}. Time-outs are the session's. The draft is
     * left as it was.
     */
    @Nullable
    Refusal request(Topic topic, Draft draft, long ticket, long correlation);

    /**
     * Gives this session's inbox a name: {@link #request} writes an address from then on that survives the session, so
     * that whoever names the inbox next (the same client, connected again) gets the answers; what comes while nobody
     * holds the name is dropped and counted. A session names its inbox once; the same name again changes nothing. Fails
     * with INVALID_ARGUMENT where {@code name} is not 1 to 1,024 characters of well-formed text, with NOT_ALLOWED where
     * the inbox has another name, and with NAME_IN_USE where a session of another user holds the name.
     *
     * @param takeOver whether a session that holds the name is ended (SESSION_REPLACED), as for consumer ids; else the
     *     future fails with NAME_IN_USE then
     */
    Future<Void> nameInbox(String name, boolean takeOver);

    /** The address that {@link #request} would write now. */
    String inboxAddress(long correlation);

    /**
     * Sends an answer to the address in a {@code reply-to} header; one that nobody waits for is dropped and counted.
     */
    void reply(String replyTo, Draft draft);

    /** Whether a session has the inbox of that address now; an answer may miss it all the same. */
    boolean isAwaited(String replyTo);

    /** Counts an answer that the session could not take, or that none of its requests waits for any more. */
    void replyDropped();

    /** Counts an acknowledgement, or another way to settle, that names nothing which the session could hold. */
    void ackIgnored();

    /**
     * Registers the session as the producer {@code id} of its namespace: an older session of that id is ended. Answers
     * the number expected next: one above the highest that any partition remembers, or {@code nextSequence} where none
     * does. Fails with LIMIT_REACHED where the session has 64 ids of producers, consumers and inboxes, and with
     * NAME_IN_USE where a session of another user has the id.
     */
    Future<Long> producer(String id, long nextSequence);

    /**
     * Refuses this session's publishes that wait for room in a full topic ({@code overflow=block}) at once; nothing of
     * a session with {@link Patience#WAIT}.
     */
    void refuseParked();

    /** Whether a publish of this session waits for room in a full topic. */
    boolean hasParked();

    /**
     * Begins a transaction: what the session publishes and settles from now on is collected, with all its options, and
     * is seen by nobody until {@link #commit}. The outcome of a publish is not told, but for
     * {@link PublishPort#onRouted} with 0, before the call returns; its ticket is the next publish's. What is settled
     * stays with the session, and its leases run. {@link #reply} goes out behind the commit. Which numbered
     * publishes are stored already is decided by the commit, for which these count as done. Requests are refused
     * (NOT_ALLOWED); what is asked for besides (a declaration, a pull, {@link SubscriptionLink#ackDurably}) is done at
     * once and is no part of it.
     *
     * <p>A transaction holds at most 16 MiB, or one message, and 65,536 messages published or settled, 4,096 of
     * them numbered (LIMIT_REACHED); all together have a share of the memory (MEMORY_LOW). One of which something was
     * refused cannot be committed any more.
     *
     * @return NOT_ALLOWED where one is open, or null
     */
    @Nullable
    Refusal begin();

    /** Whether a transaction collects. */
    boolean inTransaction();

    /** Something that was to be part of the transaction was refused by the session: it can only be rolled back. */
    void spoil(Refusal why);

    /**
     * Ends the transaction and does what it has collected. Completes once all of it is stored as each topic promises.
     * Within one shard it is done whole or not at all, also where the node is killed meanwhile; topics may lie in
     * several shards, of which each does its part by itself. Fails where something was refused: with what a part was
     * refused for, of which nothing is done then; a refusal that says what was done {@linkplain Refusal#partly partly}
     * tells in how many shards that is. A topic that makes publishers wait, and a shortage of a session with {@link
     * Patience#WAIT}, is waited for as long as such publishes may wait. NOT_FOUND: a message that it settles is held no
     * more, and comes again. Whatever the answer, no transaction is open then.
     */
    Future<Void> commit();

    /** Ends the transaction, if one is open: nothing of it is done, what it has settled stays with the session. */
    void rollback();

    /**
     * Has the session take messages of a topic. Where the topic has several partitions, what the first ones bring may
     * come before the answer; the end of the subscription never does.
     */
    Future<SubscriptionLink> subscribe(SubscribeSpec spec);

    /**
     * Has {@link SessionPort#onInterest} told what is wanted of the topic on this node, and every change of it, until
     * the link is closed. The watch is on the name: it goes on when the topic is deleted (nothing is wanted then) and
     * created again. Watching twice is watching once. For whoever may publish to it; answers why not, or null.
     */
    @Nullable
    Refusal watchInterest(Topic topic);

    /** Changes the catalog; completes when the change is committed and visible in {@link #catalog}. */
    Future<Catalog> change(CatalogChange change);

    /**
     * Removes every message of the topic for all groups; answers how many unfinished ones that were, or, of a topic
     * that never had a group, how many it held.
     */
    Future<Long> purge(Topic topic);

    /**
     * Removes every message that nobody holds, for all groups, also what came back and is to come again; what members
     * hold stays theirs to settle, and dead letters go on their way. Answers how many those were of the group that had
     * most of them; of a topic without a group it is {@link #purge}. A log keeps what lies behind the first message
     * that some group is left with, for groups that come later.
     */
    Future<Long> purgeUnheld(Topic topic);

    /**
     * Deletes a topic; answers how many messages of it were ready, of the group that had most of them, or, of a topic
     * without groups, how many it held. Every partition's owner looks at the condition (at members that of partition
     * 0), lets nobody join, and publishes wait until the topic is gone or the deletion has failed: with IN_USE or
     * NOT_EMPTY where the condition does not hold. Who has ceased is no member.
     */
    Future<Long> delete(Topic topic, DeleteIf condition);

    /** Moves a group: its leases are forgotten. Fails with GROUP_NOT_FOUND where the topic has no such group (now). */
    Future<Void> resetGroup(Topic topic, String group, StartPosition from);

    /**
     * Up to {@code count} stored messages from a position on, oldest first, never consuming; at most 1,000, and none
     * behind the one that fills 1 MiB.
     */
    Future<List<Browsed>> browse(Topic topic, StartPosition from, int count);

    /** The figures of a topic and of its groups as they are now. */
    Future<TopicFigures> describe(Topic topic);

    /**
     * The topic is used by somebody who is no member of it: one that expires stays for as long again. For whoever may
     * describe it; answers why not, or null, also where the topic is gone.
     */
    @Nullable
    Refusal use(Topic topic);

    /** The figures of the whole node. */
    Future<NodeFigures> figures();

    /** Asks for one {@link SessionPort#onTurnEnd} at the end of this turn of the loop. */
    void markDirty();

    /** The peer says goodbye: what the session holds when it is closed returns without counting as a delivery. */
    void quit();

    /**
     * Ends the session: subscriptions end, leases return, and count, unless {@link #quit} came before or the broker is
     * stopping. Idempotent.
     */
    void close();
}
