package dev.recado.transport.text;

import dev.recado.base.ErrorCode;
import dev.recado.base.Names;
import dev.recado.base.Refusal;
import dev.recado.broker.SubscribeSpec;
import dev.recado.broker.SubscriptionLink;
import dev.recado.core.topic.GroupDef;
import dev.recado.core.topic.StartPosition;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import org.jspecify.annotations.Nullable;

/** The extended commands that consume: SUB, the ways to settle, CREDIT, CEASE, UNSUB. One session's, one owner. */
final class ConsumeCommands {

    static final int CREDIT_DEFAULT = 256;
    static final int CREDIT_MAX = 65_535;
    /** What a subscription with {@code auto} may hold between hand-over and socket. */
    private static final int CREDIT_AUTO = 1024;

    private static final long EXTEND_MS_MAX = 12 * 60 * 60 * 1000L;
    private static final long NO_DELAY = -1;
    /** The credit of a SUB that may hold any number of messages. */
    private static final String ANY = "any";

    private static final String SUB_GRAMMAR = "SUB:<topic>[:<group>[:<credit>[:<from>[:<options>]]]]";

    private static final Refusal NOTHING_HELD =
            Refusal.of(ErrorCode.NOT_FOUND, "the transaction was to settle what nobody can hold");

    private final Dialogue dialogue;
    private final TopicLookup topics;
    private final LoopBuffers buffers;
    private final DurableAcks durableAcks;
    private final Runnable onJoined;
    private final OpenSubscriptions subscriptions = new OpenSubscriptions();

    /** {@code onJoined} is called when a SUB has joined or was refused, before its answer. */
    ConsumeCommands(Dialogue dialogue, TopicLookup topics, Runnable onJoined) {
        this.onJoined = onJoined;
        this.dialogue = dialogue;
        this.topics = topics;
        this.buffers = dialogue.environment.buffers();
        this.durableAcks = new DurableAcks(dialogue.replies);
    }

    DurableAcks durableAcks() {
        return durableAcks;
    }

    /** The broker ended it. */
    void onEnded(TextSubscription mine) {
        subscriptions.remove(mine);
    }

    /** SUB; answers false where the topic is being created and the command is to be given again. */
    boolean sub(TextCommand command) {
        SubscribeSpec spec = spec(command);
        if (spec == null) {
            return true;
        }
        if (subscriptions.isFull()) {
            dialogue.refuse(
                    ErrorCode.LIMIT_REACHED, "open subscriptions of a session, limit=" + OpenSubscriptions.OPEN_MAX);
            return true;
        }
        if (spec.kind() != SubscribeSpec.Kind.PATTERN && topics.find(command, 0) == null) {
            Refusal refusal = topics.createToConsume(spec.topic());
            if (refusal != null) {
                dialogue.refuse(refusal);
            }
            return refusal != null;
        }
        SubOptions options = options(command);
        join(spec, command.is(2, "auto"), options != null && options.timed());
        return true;
    }

    /** What a SUB asks for, or null where it was refused. */
    private @Nullable SubscribeSpec spec(TextCommand command) {
        if (command.fieldCount < 1 || command.fieldCount > 5) {
            return refused(SUB_GRAMMAR);
        }
        SubOptions options = options(command);
        if (options == null) {
            return refused(
                    "options=" + Names.shown(command.raw(4)) + " allowed=" + SubOptions.ALLOWED + ", " + SUB_GRAMMAR);
        }
        String topic = command.text(0);
        String group = command.fieldCount > 1 ? command.text(1) : "";
        if (topic == null || topic.isEmpty() || group == null) {
            return refused("topic or group is empty or malformed");
        }
        boolean isTap = command.is(1, GroupDef.TAP);
        int credit = givenCredit(command);
        if (credit < 0) {
            return refused("credit, allowed=1 to " + CREDIT_MAX + ", any or auto");
        }
        StartPosition from = StartPosition.next();
        if (command.fieldCount > 3 && command.fieldLength(3) > 0) {
            StartPosition given = StartPosition.parse(command.raw(3));
            if (given == null) {
                return refused("from, allowed=" + StartPosition.ALLOWED);
            }
            from = given;
        }
        if (isPattern(command) && !hasWholeWildcards(topic)) {
            return refused("pattern=" + Names.shown(topic) + ", * and # stand for whole words between dots");
        }
        SubscribeSpec.Kind kind = isPattern(command)
                ? SubscribeSpec.Kind.PATTERN
                : isTap ? SubscribeSpec.Kind.TAP : SubscribeSpec.Kind.GROUP;
        boolean spending = options.spending();
        if (options.alone()) {
            boolean hasGroup = kind != SubscribeSpec.Kind.GROUP || !group.isEmpty();
            if (hasGroup || spending || options.exclusive() || options.priority() != 0) {
                return refused("who reads alone names a topic and no group, and has no option but time");
            }
            return new SubscribeSpec(SubscribeSpec.Kind.READER, topic, null, null, credit, from);
        }
        if (spending && (kind != SubscribeSpec.Kind.GROUP || command.is(2, "auto") || command.is(2, ANY))) {
            return refused("spend needs a group and a credit in numbers");
        }
        if ((options.exclusive() || options.priority() != 0) && kind != SubscribeSpec.Kind.GROUP) {
            return refused("priority and exclusive need a group");
        }
        return new SubscribeSpec(kind, topic, isTap || group.isEmpty() ? null : group, null, credit, from)
                .withSpending(spending)
                .withPriority(options.priority())
                .withExclusive(options.exclusive());
    }

    private static @Nullable SubOptions options(TextCommand command) {
        return SubOptions.parse(command.fieldCount < 5 || command.fieldLength(4) == 0 ? "" : command.raw(4));
    }

    private @Nullable SubscribeSpec refused(String detail) {
        dialogue.refuse(ErrorCode.INVALID_ARGUMENT, detail);
        return null;
    }

    private static int givenCredit(TextCommand command) {
        if (command.fieldCount < 3 || command.fieldLength(2) == 0) {
            return CREDIT_DEFAULT;
        }
        if (command.is(2, "auto")) {
            return CREDIT_AUTO;
        }
        if (command.is(2, ANY)) {
            return SubscribeSpec.ANY_CREDIT;
        }
        long credit = command.number(2);
        return credit >= 1 && credit <= CREDIT_MAX ? (int) credit : -1;
    }

    /** Whether the topic is written with a {@code *} or {@code #}, which a name has percent-encoded. */
    private static boolean isPattern(TextCommand command) {
        for (int i = command.fieldStart[0]; i < command.fieldEnd(0); i++) {
            if (command.bytes[i] == '*' || command.bytes[i] == '#') {
                return true;
            }
        }
        return false;
    }

    private static boolean hasWholeWildcards(String pattern) {
        for (String word : pattern.split("\\.", -1)) {
            if (word.length() > 1 && (word.indexOf('*') >= 0 || word.indexOf('#') >= 0)) {
                return false;
            }
        }
        return true;
    }

    private void join(SubscribeSpec spec, boolean auto, boolean timed) {
        TextSubscription.Wish wish =
                new TextSubscription.Wish(spec.kind() == SubscribeSpec.Kind.TAP, auto, timed, spec.credit());
        TextSubscription mine = new TextSubscription(subscriptions.nextSid(), wish, dialogue.target());
        long slot = dialogue.replies.open();
        dialogue.awaitSilently(
                dialogue.link.subscribe(spec).onSuccess(joined -> {
                    mine.joined(joined);
                    joined.attach(mine);
                    onJoined.run();
                }),
                refusal -> onJoined(mine, slot, refusal));
    }

    private void onJoined(TextSubscription mine, long slot, @Nullable Refusal refusal) {
        if (!dialogue.replies.isWaiting(slot)) {
            return;
        }
        if (refusal != null) {
            onJoined.run();
            dialogue.replies.settle(slot, ErrorWords.line(refusal));
            return;
        }
        subscriptions.add(mine);
        Reply answer = (out, large) -> {
            out.putAscii("OK:SUB:").putDecimal(mine.sid).put('\n');
            mine.announce();
        };
        dialogue.replies.settle(slot, answer, 0);
    }

    /** ACK and ACK UPTO. */
    void ack(TextCommand command) {
        boolean upTo = command.fieldCount == 3 && command.is(1, "UPTO");
        Target target = held(command, upTo ? 2 : 1, upTo ? 3 : 2, upTo ? 3 : 2, "ACK:<sid>:[UPTO:]<id>");
        if (target != null) {
            long first = upTo ? 0 : target.offset;
            settled(target, first);
            target.theirs.ack(target.partition, first, target.offset);
        }
    }

    /** NACK. */
    void nack(TextCommand command) {
        boolean hasDelay = command.fieldCount == 3;
        long delayMs = hasDelay ? command.number(2) : NO_DELAY;
        if (hasDelay && (delayMs < 0 || delayMs > EXTEND_MS_MAX)) {
            dialogue.refuse(ErrorCode.INVALID_ARGUMENT, "delay in ms, allowed=0 to " + EXTEND_MS_MAX);
            return;
        }
        Target target = held(command, 1, 2, 3, "NACK:<sid>:<id>[:<delay ms>]");
        if (target != null) {
            settled(target, target.offset);
            target.theirs.nack(target.partition, target.offset, delayMs);
        }
    }

    /** REJECT. */
    void reject(TextCommand command) {
        Target target = held(command, 1, 2, 3, "REJECT:<sid>:<id>[:<reason>]");
        if (target != null) {
            String reason = command.fieldCount == 3 ? command.text(2) : "";
            settled(target, target.offset);
            target.theirs.reject(target.partition, target.offset, reason == null ? command.raw(2) : reason);
        }
    }

    /** EXTEND. */
    void extend(TextCommand command) {
        long ms = command.number(2);
        if (ms < 0 || ms > EXTEND_MS_MAX) {
            dialogue.refuse(ErrorCode.INVALID_ARGUMENT, "EXTEND:<sid>:<id>:<ms>, allowed ms=0 to " + EXTEND_MS_MAX);
            return;
        }
        int refusals = dialogue.replies.size();
        Target target = target(command, 1, 3, 3, "EXTEND:<sid>:<id>:<ms>");
        if (target == null) {
            if (dialogue.replies.size() == refusals) {
                dialogue.refuse(ErrorCode.NOT_FOUND, noLease(command));
            }
            return;
        }
        String id = command.raw(0) + ":" + command.raw(1);
        String noLease = noLease(command);
        dialogue.answerLater(
                target.theirs.extend(target.partition, target.offset, ms),
                extended -> extended ? "OK:EXTEND:" + id : ErrorWords.line(ErrorCode.NOT_FOUND, noLease));
    }

    private static String noLease(TextCommand command) {
        return "no such lease, sid=" + command.raw(0) + " id=" + command.raw(1);
    }

    /** CREDIT. */
    void credit(TextCommand command) {
        long more = command.number(1);
        if (command.fieldCount != 2 || command.number(0) < 1 || more < 1 || more > CREDIT_MAX) {
            dialogue.refuse(ErrorCode.INVALID_ARGUMENT, "CREDIT:<sid>:<n>, allowed n=1 to " + CREDIT_MAX);
            return;
        }
        TextSubscription mine = subscriptions.find(command.number(0));
        SubscriptionLink theirs = mine == null ? null : mine.active();
        if (mine != null && theirs != null) {
            mine.addCredit((int) more);
            theirs.addCredit((int) more);
        }
    }

    /** CEASE: answered behind the last message that comes. */
    void cease(TextCommand command) {
        TextSubscription mine = command.fieldCount == 1 ? subscriptions.find(command.number(0)) : null;
        SubscriptionLink theirs = mine == null ? null : mine.active();
        if (mine == null || theirs == null) {
            dialogue.refuse(ErrorCode.NOT_FOUND, "no such subscription, CEASE:<sid>");
            return;
        }
        Promise<Void> sent = Promise.promise();
        theirs.cease().onComplete(ceased -> mine.onCeased(sent));
        dialogue.answerLater(sent.future(), done -> "OK:CEASE:" + mine.sid);
    }

    /** UNSUB. */
    void unsub(TextCommand command) {
        TextSubscription mine = command.fieldCount == 1 ? subscriptions.find(command.number(0)) : null;
        SubscriptionLink theirs = mine == null ? null : mine.active();
        if (mine == null || theirs == null) {
            dialogue.refuse(ErrorCode.NOT_FOUND, "no such subscription, UNSUB:<sid>");
            return;
        }
        mine.end();
        subscriptions.remove(mine);
        Future<Void> left = theirs.close().onComplete(done -> durableAcks.onEnded(theirs, "unsubscribed"));
        dialogue.await(left, done -> "OK:UNSUB:" + mine.sid);
    }

    /** REPLY. */
    void reply(TextCommand command) {
        Target target = held(command, 1, 3, 3, "REPLY:<sid>:<id>:<bytes>");
        if (target == null) {
            return;
        }
        String address = target.mine.replyAddress(target.partition, target.offset);
        // First: whoever gets the answer finds the request acknowledged.
        settled(target, target.offset);
        target.theirs.ack(target.partition, target.offset, target.offset);
        if (address != null) {
            dialogue.link.reply(
                    address, buffers.draft.clear().payload(command.bytes, command.payloadStart, command.payloadLength));
        }
    }

    /** ACK!: answered in its turn once the progress is durable. */
    void ackDurably(TextCommand command) {
        if (dialogue.transactions.refuses("ACK!")) {
            return;
        }
        int refusals = dialogue.replies.size();
        Target target = target(command, 1, 2, 2, "ACK!:<sid>:<id>");
        if (target == null) {
            if (dialogue.replies.size() == refusals) {
                refuseTarget(command);
            }
            return;
        }
        target.mine.settled(target.partition, target.offset, target.offset);
        durableAcks.add(
                target.theirs, target.partition, target.offset, "ACKED:" + command.raw(0) + ":" + command.raw(1));
        target.theirs.ackDurably(target.partition, target.offset);
    }

    /** Says why an ACK! names nothing: the subscription is not there, or the id is not of its topic's form. */
    private void refuseTarget(TextCommand command) {
        TextSubscription mine = subscriptions.find(command.number(0));
        SubscriptionLink theirs = mine == null ? null : mine.active();
        if (theirs == null) {
            dialogue.refuse(ErrorCode.NOT_FOUND, "no such subscription, sid=" + command.raw(0));
            return;
        }
        int partitions = theirs.partitionCount();
        String form = partitions == 1 ? "<offset>" : "<partition>-<offset>, partition 0 to " + (partitions - 1);
        dialogue.refuse(ErrorCode.INVALID_ARGUMENT, "id=" + Names.shown(command.raw(1)) + " allowed=" + form);
    }

    /** Messages up to what {@code target} names are settled, or will be with the transaction. */
    private void settled(Target target, long first) {
        dialogue.transactions.whenCommitted(() -> target.mine.settled(target.partition, first, target.offset));
    }

    /** A message that a command names. */
    private record Target(TextSubscription mine, SubscriptionLink theirs, int partition, long offset) {}

    /**
     * As {@link #target} of a command without an answer: one that names nothing which can be held is counted, and
     * spoils a transaction.
     */
    private @Nullable Target held(TextCommand command, int idField, int fieldsMin, int fieldsMax, String grammar) {
        int refusals = dialogue.replies.size();
        Target target = target(command, idField, fieldsMin, fieldsMax, grammar);
        if (target != null && !target.mine.tap) {
            return target;
        }
        dialogue.link.spoil(NOTHING_HELD);
        if (dialogue.replies.size() == refusals) {
            dialogue.link.ackIgnored();
        }
        return null;
    }

    /**
     * What the fields 0 and {@code idField} name. Null where the grammar is broken, which is refused, and where nothing
     * of that name is held any more, which is not.
     */
    private @Nullable Target target(TextCommand command, int idField, int fieldsMin, int fieldsMax, String grammar) {
        long sid = command.number(0);
        if (command.fieldCount < fieldsMin || command.fieldCount > fieldsMax || sid < 1) {
            dialogue.refuse(ErrorCode.INVALID_ARGUMENT, grammar);
            return null;
        }
        long offset = MessageIdText.offset(command, idField);
        if (offset < 0) {
            dialogue.refuse(ErrorCode.INVALID_ARGUMENT, grammar);
            return null;
        }
        TextSubscription mine = subscriptions.find(sid);
        SubscriptionLink theirs = mine == null ? null : mine.active();
        if (mine == null || theirs == null) {
            return null;
        }
        int partition = MessageIdText.partition(command, idField, theirs.partitionCount());
        return partition < 0 ? null : new Target(mine, theirs, partition, offset);
    }
}
