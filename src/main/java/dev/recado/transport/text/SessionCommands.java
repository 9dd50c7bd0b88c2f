package dev.recado.transport.text;

import dev.recado.base.BrokerException;
import dev.recado.base.ErrorCode;
import dev.recado.base.PercentCodec;
import dev.recado.broker.NodeFigures;
import dev.recado.security.Identity;
import io.vertx.core.Future;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The commands about the session itself: HELLO, AUTH, PING, STATS, HELP. One session's, one owner. */
final class SessionCommands {

    private static final Logger LOG = LoggerFactory.getLogger(SessionCommands.class);
    private static final int LOGINS_MAX = 3;
    private static final String WRONG = ErrorWords.line(ErrorCode.NOT_AUTHENTICATED, "wrong user or password");
    private static final String BLOCKED = "blocked";

    private static final String HELP = """
            REGISTER:PRODUCER | REGISTER:CONSUMER[:<id>[:<group>]]
            SEND:<content> | GET | HEARTBEAT:<timestamp>
            HELLO:<client name>[:blocked] | AUTH:<user>:<password> | PING | STATS | HELP | QUIT
            PUB:<topic>:<bytes> or PUB:<topic>:<key>:<headers>[:<options>]:<bytes>, then the payload and a line end
            PUBL:<topic>:<text>, where the text is the rest of the line
            XPUB:<exchange>:<key>:<headers>[:<more keys>[:<options>]]:<bytes>, then the payload and a line end
            CONFIRM:EACH|RANGE|NONE | PRODUCER:<id>:<next seq>
            BEGIN[:unnumbered] | COMMIT | ROLLBACK
            SUB:<topic>[:<group>[:<credit>[:<from>[:<options>]]]] | CREDIT:<sid>:<n> | CEASE:<sid> | UNSUB:<sid>
            ACK:<sid>:<id> | ACK:<sid>:UPTO:<id> | ACK!:<sid>:<id> | NACK:<sid>:<id>[:<delay ms>]
            REJECT:<sid>:<id>[:<reason>] | EXTEND:<sid>:<id>:<ms>
            REQ:<topic>:<timeout ms>:<bytes> or REPLY:<sid>:<id>:<bytes>, then the payload and a line end
            TOPIC:CREATE:<name>[:<k=v&k=v>] | TOPIC:ALTER:<name>:<k=v&k=v> | TOPIC:DELETE:<name>[:<options>]
            TOPIC:PURGE:<name>[:unheld] | TOPIC:LIST | TOPIC:DESCRIBE:<name> | BROWSE:<topic>:<from>:<n>
            GROUP:CREATE:<topic>:<group>[:<k=v&k=v>] | GROUP:ALTER:<topic>:<group>:<k=v&k=v>
            GROUP:RESET:<topic>:<group>:<from> | GROUP:DELETE:<topic>:<group> | GROUP:LIST:<topic>
            GROUP:MEMBERS:<topic>:<group> | SESSION:LIST[:<after>[:<n>]] | SESSION:CLOSE:<session>[:<reason>]
            NAMESPACE:USE:<name> | NAMESPACE:CREATE:<name> | NAMESPACE:DELETE:<name>[:topics] | NAMESPACE:LIST
            USER:ADD:<name>[:<role>[:<password>]] | USER:PASSWD:<name>:<password> | USER:ROLE:<name>:<role> | USER:LIST
            USER:GRANT:<name>:<namespaces>:<names>:<operations> | USER:REVOKE:<name>:<namespaces>:<names>[:<operations>]
            USER:KEY:<name>:<key> | USER:UNKEY:<name>:<key> | USER:REMOVE:<name>
            TOKEN:ADD:<user>[:<ttl ms>[:<note>[:<namespaces>:<names>:<operations>]]] | TOKEN:REMOVE:<id> | TOKEN:LIST
            EXCHANGE:CREATE:<name>:<type>[:<settings>] | EXCHANGE:DELETE:<name> | EXCHANGE:LIST
            BIND:<exchange>:<topic>:<key>[:<headers>[:<values>]] | UNBIND, as BIND
            EXCHANGE:BIND:<exchange>:<other>:<key>[:<headers>[:<values>]] | EXCHANGE:UNBIND, as EXCHANGE:BIND
            .""";

    /** The first line of HTTP/1.x, and of HTTP/2 without a negotiation. */
    private static final Pattern HTTP_REQUEST = Pattern.compile(
            "(?:GET|HEAD|POST|PUT|DELETE|OPTIONS|PATCH|TRACE|CONNECT|PRI) \\S+ HTTP/[0-9](?:\\.[0-9])?");

    /** Spoken as HTTP, since what a browser or curl cannot read it does not show. */
    private static final String NOT_HTTP = """
            HTTP/1.0 400 Recado text protocol, not HTTP\r
            Content-Type: text/plain\r
            Connection: close\r
            \r
            ERROR:Not HTTP: this is Recado's text protocol; type HELP with "nc HOST PORT", or run recado --help""";

    private final Dialogue dialogue;
    private int failedLogins;

    SessionCommands(Dialogue dialogue) {
        this.dialogue = dialogue;
    }

    /** What stands behind the word is the client's name, if it can be read, and what it wants to be told unasked. */
    void hello(TextCommand command) {
        if (command.fieldCount > 1) {
            if (command.fieldCount > 2 || !BLOCKED.equals(command.text(1))) {
                dialogue.refuse(ErrorCode.INVALID_ARGUMENT, "HELLO:<client name>[:" + BLOCKED + "]");
                return;
            }
            dialogue.shortage.want();
            dialogue.link.markDirty();
        }
        String client = command.fieldCount == 0 ? null : command.text(0);
        if (client != null) {
            dialogue.link.introduce(dialogue.link.info().withClient(client));
        }
        dialogue.answer(
                "OK:HELLO:" + PercentCodec.encode(dialogue.environment.broker().version()) + ":"
                        + PercentCodec.encode(dialogue.environment.broker().nodeId()));
    }

    void help() {
        dialogue.answer(HELP);
    }

    /** Refuses what is none of the protocol's; answers the last line where the client speaks another one. */
    @Nullable
    String unknown(TextCommand command) {
        if (HTTP_REQUEST.matcher(command.line()).matches()) {
            return NOT_HTTP;
        }
        boolean isEmpty = command.verbStart == command.verbEnd;
        dialogue.refuse(
                ErrorCode.UNKNOWN_COMMAND, isEmpty ? "(empty line)" : CommandFields.unknown("", command.verbText()));
        return null;
    }

    /** Refuses a command that is its word alone and came with fields; answers whether it did. */
    boolean hasNeedlessFields(TextCommand command) {
        boolean has = command.fieldCount > 0
                && switch (command.verb) {
                    case PING, STATS, QUIT, COMMIT, ROLLBACK -> true;
                    default -> false;
                };
        if (has) {
            dialogue.refuse(ErrorCode.INVALID_ARGUMENT, command.verb + " takes nothing behind it");
        }
        return has;
    }

    void stats() {
        dialogue.await(dialogue.link.figures(), SessionCommands::lines);
    }

    private static String lines(NodeFigures figures) {
        StringBuilder out = new StringBuilder();
        figures.values()
                .forEach((name, value) ->
                        out.append(name).append('=').append(value).append('\n'));
        return out.append('.').toString();
    }

    /**
     * AUTH. Nothing more is parsed until it is known who the client is, and then one of the two is run, before the
     * answer is given: {@code onLogin}, or {@code onFailure} after too many failures.
     */
    void auth(TextCommand command, Runnable onLogin, Runnable onFailure) {
        @Nullable String user = command.fieldCount == 2 ? command.text(0) : null;
        byte @Nullable [] password = command.fieldCount == 2
                ? PercentCodec.decodeBytes(command.bytes, command.fieldStart[1], command.fieldLength(1))
                : null;
        if (user == null || password == null) {
            dialogue.refuse(ErrorCode.INVALID_ARGUMENT, "AUTH:<user>:<password>");
            return;
        }
        Future<@Nullable Identity> answer = dialogue.heard(dialogue.environment
                .authenticator()
                .authenticate(dialogue.link.info().peer(), user, password));
        dialogue.loggingIn(!answer.isComplete());
        answer.onComplete(known -> dialogue.loggingIn(false));
        dialogue.await(answer.map(identity -> told(identity, onLogin)).recover(SessionCommands::unjudged), line -> {
            if (!line.startsWith("OK")) {
                failedLogins++;
                if (failedLogins >= LOGINS_MAX) {
                    onFailure.run();
                }
            }
            return line;
        });
    }

    private String told(@Nullable Identity identity, Runnable onLogin) {
        if (identity != null && dialogue.isOpen() && dialogue.link.identify(identity)) {
            onLogin.run();
            return "OK:AUTH";
        }
        return WRONG;
    }

    /** Who asks too much is told so; else it is nobody. */
    private static Future<String> unjudged(Throwable failure) {
        if (failure instanceof BrokerException) {
            return Future.succeededFuture(ErrorWords.line(BrokerException.refusal(failure)));
        }
        LOG.error("a login could not be judged", failure);
        return Future.succeededFuture(WRONG);
    }
}
