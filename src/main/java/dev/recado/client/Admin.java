package dev.recado.client;

import dev.recado.base.ByteWriter;
import dev.recado.transport.text.wire.CommandWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * What an administrator asks of a broker. Futures fail with {@link RecadoException}: REFUSED with the broker's reason,
 * CONNECTION_LOST where the connection ended before the answer (look whether the change was made). Lists are one JSON
 * object a line, at most 100,000 lines. Names and settings are those of the text protocol.
 */
public final class Admin {

    private final ClientSession session;

    Admin(ClientSession session) {
        this.session = session;
    }

    public CompletableFuture<String> createTopic(String name, Map<String, String> settings) {
        return ok(out -> out.settings("TOPIC:CREATE", settings, name));
    }

    public CompletableFuture<String> alterTopic(String name, Map<String, String> settings) {
        return ok(out -> out.settings("TOPIC:ALTER", settings, name));
    }

    public CompletableFuture<String> deleteTopic(String name) {
        return ok(out -> out.command("TOPIC:DELETE", name));
    }

    /**
     * Deletes a topic only if none of its groups has a member ({@code ifUnused}), only if no message of it is ready
     * ({@code ifEmpty}), or both; else fails with IN_USE or NOT_EMPTY. The answer ends in how many messages were ready.
     */
    public CompletableFuture<String> deleteTopic(String name, boolean ifUnused, boolean ifEmpty) {
        String options = (ifUnused ? "unused" : "") + (ifUnused && ifEmpty ? "&" : "") + (ifEmpty ? "empty" : "");
        return ok(out -> out.command("TOPIC:DELETE", name, options));
    }

    /** Removes every message for all groups. */
    public CompletableFuture<String> purgeTopic(String name) {
        return ok(out -> out.command("TOPIC:PURGE", name));
    }

    /** Removes every message that no member holds, for all groups; the answer ends in how many these were. */
    public CompletableFuture<String> purgeUnheld(String name) {
        return ok(out -> out.command("TOPIC:PURGE", name, "unheld"));
    }

    public CompletableFuture<List<String>> listTopics() {
        return lines(out -> out.command("TOPIC:LIST"));
    }

    public CompletableFuture<List<String>> describeTopic(String name) {
        return lines(out -> out.command("TOPIC:DESCRIBE", name));
    }

    public CompletableFuture<String> createGroup(String topic, String group, Map<String, String> settings) {
        return ok(out -> out.settings("GROUP:CREATE", settings, topic, group));
    }

    public CompletableFuture<String> alterGroup(String topic, String group, Map<String, String> settings) {
        return ok(out -> out.settings("GROUP:ALTER", settings, topic, group));
    }

    /** Moves a group to {@code first}, {@code last}, {@code next}, an offset or {@code @<epoch millis>}. */
    public CompletableFuture<String> resetGroup(String topic, String group, String from) {
        return ok(out -> out.command("GROUP:RESET", topic, group, from));
    }

    public CompletableFuture<String> deleteGroup(String topic, String group) {
        return ok(out -> out.command("GROUP:DELETE", topic, group));
    }

    public CompletableFuture<List<String>> listGroups(String topic) {
        return lines(out -> out.command("GROUP:LIST", topic));
    }

    /** The members of a group, one line for each of them on each partition. */
    public CompletableFuture<List<String>> listMembers(String topic, String group) {
        return lines(out -> out.command("GROUP:MEMBERS", topic, group));
    }

    /**
     * Up to {@code count} open sessions, 1,000 at most, of a number above {@code after}, in the order of their numbers
     * ({@code session}); fewer than that are the last ones.
     */
    public CompletableFuture<List<String>> listSessions(long after, int count) {
        return lines(out -> out.command("SESSION:LIST", Long.toString(after), Integer.toString(count)));
    }

    /** Ends a session; its client may connect again. */
    public CompletableFuture<String> closeSession(long session, String reason) {
        return ok(out -> out.command("SESSION:CLOSE", Long.toString(session), reason));
    }

    /** Makes a namespace, where there is none of that name. */
    public CompletableFuture<String> createNamespace(String name) {
        return ok(out -> out.command("NAMESPACE:CREATE", name));
    }

    /** Deletes a namespace and its exchanges; IN_USE where it has topics, unless these are deleted too. */
    public CompletableFuture<String> deleteNamespace(String name, boolean withTopics) {
        return withTopics
                ? ok(out -> out.command("NAMESPACE:DELETE", name, "topics"))
                : ok(out -> out.command("NAMESPACE:DELETE", name));
    }

    /** The namespaces, and how many topics and exchanges are in each. */
    public CompletableFuture<List<String>> listNamespaces() {
        return lines(out -> out.command("NAMESPACE:LIST"));
    }

    /**
     * Makes a user.
     *
     * @param role {@code administrator}, which the first is, {@code operator}, {@code reader} or {@code none}
     * @param password empty where only keys and tokens let it in; else at most 255 bytes
     */
    public CompletableFuture<String> addUser(String name, String role, String password) {
        return ok(out -> out.command("USER:ADD", name, role, password));
    }

    /** Sets a user's password and ends its sessions that came by the one before; anybody may set the own one. */
    public CompletableFuture<String> setPassword(String name, String password) {
        return ok(out -> out.command("USER:PASSWD", name, password));
    }

    /** Gives a user another role. */
    public CompletableFuture<String> setRole(String name, String role) {
        return ok(out -> out.command("USER:ROLE", name, role));
    }

    /**
     * Lets a user do more with the topics and exchanges that match; {@code *} in a pattern stands for any characters.
     *
     * @param operations with commas between, of {@code publish}, {@code consume}, {@code browse}, {@code configure},
     *     {@code monitor}, {@code administer}
     */
    public CompletableFuture<String> grant(String user, String namespaces, String names, String operations) {
        return ok(out -> out.command("USER:GRANT", user, namespaces, names, operations));
    }

    /** Takes operations back that were granted for these patterns, all where {@code operations} is empty. */
    public CompletableFuture<String> revoke(String user, String namespaces, String names, String operations) {
        return ok(out -> out.command("USER:REVOKE", user, namespaces, names, operations));
    }

    /** Lets a user in by a public key of CURVE, in Z85. */
    public CompletableFuture<String> addKey(String user, String key) {
        return ok(out -> out.command("USER:KEY", user, key));
    }

    /** Lets it in by that no more. */
    public CompletableFuture<String> removeKey(String user, String key) {
        return ok(out -> out.command("USER:UNKEY", user, key));
    }

    /** Removes a user with its tokens and ends its sessions; {@code evenLast} holds for stopped brokers only. */
    public CompletableFuture<String> removeUser(String name, boolean evenLast) {
        return evenLast
                ? ok(out -> out.command("USER:REMOVE", name, "even-last"))
                : ok(out -> out.command("USER:REMOVE", name));
    }

    /** The users, their roles and grants, and whether they have a password; no secret is among it. */
    public CompletableFuture<List<String>> listUsers() {
        return lines(out -> out.command("USER:LIST"));
    }

    /**
     * Makes a token of a user and answers its text, which cannot be had again.
     *
     * @param ttlMs how long it is good; 0 for good
     * @param scope namespaces, names and operations to which it is narrowed; empty for all that its user may
     */
    public CompletableFuture<String> addToken(String user, long ttlMs, String note, List<String> scope) {
        List<String> fields = new ArrayList<>(List.of(user, Long.toString(ttlMs), note));
        fields.addAll(scope);
        return ok(out -> out.command("TOKEN:ADD", fields.toArray(String[]::new)))
                .thenApply(Answers::lastField);
    }

    /** Ends a token and the sessions that came by it. */
    public CompletableFuture<String> removeToken(String id) {
        return ok(out -> out.command("TOKEN:REMOVE", id));
    }

    /** The tokens without their texts. */
    public CompletableFuture<List<String>> listTokens() {
        return lines(out -> out.command("TOKEN:LIST"));
    }

    /** Makes an exchange of the type {@code direct}, {@code fanout}, {@code topic} or {@code headers}. */
    public CompletableFuture<String> createExchange(String name, String type) {
        return ok(out -> out.command("EXCHANGE:CREATE", name, type));
    }

    /** As before with settings. */
    public CompletableFuture<String> createExchange(String name, String type, Map<String, String> settings) {
        return ok(out -> out.settings("EXCHANGE:CREATE", settings, name, type));
    }

    public CompletableFuture<String> deleteExchange(String name) {
        return ok(out -> out.command("EXCHANGE:DELETE", name));
    }

    public CompletableFuture<List<String>> listExchanges() {
        return lines(out -> out.command("EXCHANGE:LIST"));
    }

    public CompletableFuture<String> bind(String exchange, String topic, String key, Map<String, String> headers) {
        return ok(out -> out.settings("BIND", headers, exchange, topic, key));
    }

    public CompletableFuture<String> unbind(String exchange, String topic, String key, Map<String, String> headers) {
        return ok(out -> out.settings("UNBIND", headers, exchange, topic, key));
    }

    /** As before with header values that are no texts, as literals: {@code 5}, {@code true}, {@code 0x0a}. */
    public CompletableFuture<String> bind(
            String exchange, String topic, String key, Map<String, String> headers, Map<String, String> values) {
        return ok(out -> out.binding("BIND", headers, values, exchange, topic, key));
    }

    /** As {@link #bind(String, String, String, Map, Map)}. */
    public CompletableFuture<String> unbind(
            String exchange, String topic, String key, Map<String, String> headers, Map<String, String> values) {
        return ok(out -> out.binding("UNBIND", headers, values, exchange, topic, key));
    }

    /** As {@link #bind(String, String, String, Map, Map)}, to another exchange. */
    public CompletableFuture<String> bindExchange(
            String exchange, String other, String key, Map<String, String> headers, Map<String, String> values) {
        return ok(out -> out.binding("EXCHANGE:BIND", headers, values, exchange, other, key));
    }

    /** As {@link #bindExchange}. */
    public CompletableFuture<String> unbindExchange(
            String exchange, String other, String key, Map<String, String> headers, Map<String, String> values) {
        return ok(out -> out.binding("EXCHANGE:UNBIND", headers, values, exchange, other, key));
    }

    /** Up to {@code count} stored messages from a position on, without consuming them. */
    public CompletableFuture<List<String>> browse(String topic, String from, int count) {
        return lines(out -> out.command("BROWSE", topic, from, Integer.toString(count)));
    }

    /** The broker's own figures, one a line. */
    public CompletableFuture<List<String>> stats() {
        return lines(out -> out.command("STATS"));
    }

    /** Answers how long the broker took to answer, in nanoseconds. */
    public CompletableFuture<Long> ping() {
        return session.call(new Call.Ping(command(out -> out.command("PING"))));
    }

    private CompletableFuture<String> ok(Consumer<CommandWriter> command) {
        return session.call(new Call.Ok(command(command), text -> {}));
    }

    private CompletableFuture<List<String>> lines(Consumer<CommandWriter> command) {
        return session.call(new Call.Lines(command(command)));
    }

    private static byte[] command(Consumer<CommandWriter> writing) {
        ByteWriter out = new ByteWriter(64);
        writing.accept(new CommandWriter(out));
        return out.toByteArray();
    }
}
