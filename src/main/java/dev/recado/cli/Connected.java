package dev.recado.cli;

import dev.recado.client.RecadoClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** All open sessions of a broker, asked for page by page. */
final class Connected {

    private static final int PAGE = 1_000;

    private Connected() {}

    /** One JSON object a session, in the order of their numbers. */
    static List<String> sessions(RecadoClient client) {
        List<String> all = new ArrayList<>();
        List<String> page;
        long after = 0;
        do {
            page = client.admin().listSessions(after, PAGE).join();
            all.addAll(page);
            for (String json : page) {
                after = Math.max(after, number(Json.fields(json)));
            }
        } while (page.size() == PAGE);
        return all;
    }

    static long number(Map<String, String> session) {
        return Long.parseLong(session.getOrDefault("session", "0"));
    }

    /** What a person is shown of them. */
    static Table.Column[] columns(long nowMs) {
        return new Table.Column[] {
            new Table.Column("session"),
            new Table.Column("protocol"),
            new Table.Column("peer"),
            new Table.Column("client", "CLIENT", name -> name.isEmpty() ? "-" : name),
            new Table.Column("user", "USER", name -> name.isEmpty() ? "-" : name),
            new Table.Column("since", "FOR", since -> Shown.age(since, nowMs)),
            new Table.Column("subscriptions", "SUBS", count -> count),
            new Table.Column("unconfirmed", "UNCONF", count -> count),
            new Table.Column("publish-rate", "PUB/S", rate -> rate),
            new Table.Column("deliver-rate", "GOT/S", rate -> rate),
            new Table.Column("ack-rate", "ACK/S", rate -> rate)
        };
    }
}
