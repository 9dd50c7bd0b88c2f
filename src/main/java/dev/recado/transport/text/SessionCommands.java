package dev.recado.transport.text;

import dev.recado.base.ErrorCode;
import dev.recado.base.PercentCodec;
import dev.recado.broker.NodeFigures;
import dev.recado.security.Identity;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The commands about the session itself: HELLO, AUTH, PING, STATS, HELP. One session's, one owner. */
final class SessionCommands {

    private static final String HELP = """
            REGISTER:PRODUCER | REGISTER:CONSUMER[:<id>[:<group>]]
            SEND:<content> | GET | HEARTBEAT:<timestamp>
            HELLO:<client name> | AUTH:<user>:<password> | PING | STATS | HELP | QUIT
            PUB:<topic>:<bytes> or PUB:<topic>:<key>:<headers>:<bytes>, then the payload and a line end
            XPUB:<exchange>:<key>:<headers>:<bytes>, then the payload and a line end
            CONFIRM:EACH|RANGE|NONE | PRODUCER:<id>:<next seq>
            SUB:<topic>[:<group>[:<credit>[:<from>[:time]]]] | CREDIT:<sid>:<n> | UNSUB:<sid>
            ACK:<sid>:<id> | ACK:<sid>:UPTO:<id> | ACK!:<sid>:<id> | NACK:<sid>:<id>[:<delay ms>]
            REJECT:<sid>:<id>[:<reason>] | EXTEND:<sid>:<id>:<ms>
            REQ:<topic>:<timeout ms>:<bytes> or REPLY:<sid>:<id>:<bytes>, then the payload and a line end
            TOPIC:CREATE:<name>[:<k=v&k=v>] | TOPIC:ALTER:<name>:<k=v&k=v> | TOPIC:DELETE:<name>
            TOPIC:PURGE:<name> | TOPIC:LIST | TOPIC:DESCRIBE:<name> | BROWSE:<topic>:<from>:<n>
            GROUP:CREATE:<topic>:<group>[:<k=v&k=v>] | GROUP:ALTER:<topic>:<group>:<k=v&k=v>
            GROUP:RESET:<topic>:<group>:<from> | GROUP:DELETE:<topic>:<group> | GROUP:LIST:<topic>
            EXCHANGE:CREATE:<name>:<type> | EXCHANGE:DELETE:<name> | EXCHANGE:LIST
            BIND:<exchange>:<topic>:<key>[:<headers>] | UNBIND:<exchange>:<topic>:<key>[:<headers>]
            .""";

    private final Dialogue dialogue;
    private int failedLogins;

    SessionCommands(Dialogue dialogue) {
        this.dialogue = dialogue;
    }

    void hello() {
        dialogue.answer(
                "OK:HELLO:" + PercentCodec.encode(dialogue.environment.broker().version()) + ":"
                        + PercentCodec.encode(dialogue.environment.broker().nodeId()));
    }

    void help() {
        dialogue.answer(HELP);
    }

    void stats() {
        if (!dialogue.lacks(dialogue.rights().consume(), "consume")) {
            dialogue.await(dialogue.link.figures(), SessionCommands::lines);
        }
    }

    private static String lines(NodeFigures figures) {
        StringBuilder out = new StringBuilder();
        figures.values()
                .forEach((name, value) ->
                        out.append(name).append('=').append(value).append('\n'));
        return out.append('.').toString();
    }

    /** AUTH; answers whether the session is authenticated by it. */
    boolean auth(TextCommand command) {
        @Nullable String user = command.fieldCount == 2 ? command.text(0) : null;
        byte @Nullable [] password = command.fieldCount == 2
                ? PercentCodec.decodeBytes(command.bytes, command.fieldStart[1], command.fieldLength(1))
                : null;
        if (user == null || password == null) {
            dialogue.refuse(ErrorCode.INVALID_ARGUMENT, "AUTH:<user>:<password>");
            return false;
        }
        Identity identity = dialogue.environment.authenticator().authenticate("/", user, password);
        Arrays.fill(password, (byte) 0);
        if (identity == null) {
            failedLogins++;
            dialogue.refuse(ErrorCode.NOT_AUTHENTICATED, "wrong user or password");
            return false;
        }
        dialogue.authenticated(identity);
        dialogue.answer("OK:AUTH");
        return true;
    }

    int failedLogins() {
        return failedLogins;
    }
}
