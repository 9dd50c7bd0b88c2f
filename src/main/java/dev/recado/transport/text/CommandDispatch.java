package dev.recado.transport.text;

import dev.recado.base.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * Which commands a session may give now, and who performs each of them: publishing, consuming, the classic dialogue,
 * administration, or what is about the session itself. One session's, one owner.
 */
final class CommandDispatch {

    /** What a command may do to the session as a whole. */
    interface Ending {

        /** Writes what is owed and {@code lastLine}, if any, and closes. */
        void end(@Nullable String lastLine);

        /** The same by the client's wish. */
        void leave();
    }

    private final Dialogue dialogue;
    private final PublishCommands publishing;
    private final ConsumeCommands consuming;
    private final ClassicCommands classic;
    private final AdminCommands administration;
    private final ExchangeCommands exchanges;
    private final NamespaceCommands namespaces;
    private final UserCommands users;
    private final SessionCommands commands;
    private final TextCodec codec;
    private final Ending ending;

    CommandDispatch(
            Dialogue dialogue,
            PublishCommands publishing,
            ConsumeCommands consuming,
            ClassicCommands classic,
            AdminCommands administration,
            TextCodec codec,
            Ending ending) {
        this.dialogue = dialogue;
        this.publishing = publishing;
        this.consuming = consuming;
        this.classic = classic;
        this.administration = administration;
        exchanges = new ExchangeCommands(dialogue);
        namespaces = new NamespaceCommands(dialogue);
        users = new UserCommands(dialogue);
        commands = new SessionCommands(dialogue);
        this.codec = codec;
        this.ending = ending;
    }

    /** Whether the session may speak at all; refuses where it may not. */
    private boolean isAllowed(TextCommand command) {
        boolean allowed = dialogue.isAuthenticated()
                || switch (command.verb) {
                    case HELLO, AUTH, PING, HELP, QUIT, UNKNOWN -> true;
                    default -> false;
                };
        if (!allowed) {
            dialogue.refuse(ErrorCode.NOT_AUTHENTICATED, "AUTH:<user>:<password> first");
        }
        return allowed;
    }

    /** A command's content is too long: its publish is refused, if it was allowed at all. */
    void refuseTooLong(TextCommand command) {
        if (isAllowed(command)) {
            publishing.refuseTooLong(command, codec.contentBytesMax(command.verb));
        }
    }

    /** Performs a command that the session may give now, or refuses it; false: give it again, see {@link Dialogue}. */
    boolean perform(TextCommand command, PeerWatch watch) {
        if (!isAllowed(command) || commands.hasNeedlessFields(command)) {
            return true;
        }
        watch.onCommand(command.verb);
        return perform(command);
    }

    /** As its verb says. Longer than most: it is the protocol. */
    private boolean perform(TextCommand command) {
        switch (command.verb) {
            case PUB -> {
                return publishing.pub(command);
            }
            case PUBL -> {
                return publishing.publ(command, codec.contentBytesMax(Verb.PUBL));
            }
            case SEND -> {
                return publishing.send(command);
            }
            case REQ -> {
                return publishing.request(command, dialogue.environment.time().monotonicMs());
            }
            case SUB -> {
                return consuming.sub(command);
            }
            case REGISTER -> {
                return classic.register(command);
            }
            case XPUB -> publishing.xpub(command);
            case CONFIRM -> publishing.confirm(command);
            case PRODUCER -> publishing.producer(command);
            case BEGIN, COMMIT, ROLLBACK -> dialogue.transactions.perform(command);
            case GET -> classic.get(command);
            case ACK -> consuming.ack(command);
            case ACK_DURABLY -> consuming.ackDurably(command);
            case NACK -> consuming.nack(command);
            case REJECT -> consuming.reject(command);
            case EXTEND -> consuming.extend(command);
            case CREDIT -> consuming.credit(command);
            case CEASE -> consuming.cease(command);
            case UNSUB -> consuming.unsub(command);
            case REPLY -> consuming.reply(command);
            case TOPIC -> administration.topic(command);
            case GROUP -> administration.group(command);
            case EXCHANGE -> exchanges.exchange(command);
            case SESSION -> administration.session(command);
            case NAMESPACE -> namespaces.namespace(command);
            case USER, TOKEN -> users.perform(command);
            case BIND, UNBIND -> exchanges.bind(command);
            case BROWSE -> administration.browse(command);
            case HELLO -> commands.hello(command);
            case HELP -> commands.help();
            case STATS -> commands.stats();
            case AUTH -> authenticate(command);
            case PING -> dialogue.answer("PONG");
            case HEARTBEAT -> {}
            case QUIT -> {
                dialogue.link.quit();
                ending.leave();
            }
            case UNKNOWN -> unknown(command);
        }
        return true;
    }

    private void unknown(TextCommand command) {
        String farewell = commands.unknown(command);
        if (farewell != null) {
            ending.end(farewell);
        }
    }

    private void authenticate(TextCommand command) {
        commands.auth(
                command,
                () -> codec.messageBytesMax(dialogue.environment.sessions().messageBytesMax()),
                () -> ending.end(null));
    }
}
