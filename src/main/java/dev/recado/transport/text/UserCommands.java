package dev.recado.transport.text;

import dev.recado.base.Names;
import dev.recado.base.Outcome;
import dev.recado.base.PercentCodec;
import dev.recado.base.Refusal;
import dev.recado.broker.BrokerAdmin;
import dev.recado.core.topic.CatalogChange.ChangeUsers;
import dev.recado.security.Tokens;
import dev.recado.security.UserChange;
import dev.recado.security.UserWords;
import java.security.SecureRandom;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The commands about users and tokens: USER, TOKEN. One session's, one owner. */
final class UserCommands {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String GRANT = "USER:GRANT:<name>:<namespaces>:<names>:<operations>";
    private static final String TOKEN = "TOKEN:ADD:<user>[:<ttl ms>[:<note>[:<namespaces>:<names>:<operations>]]]";
    /** The field of a scope's namespaces, where there is one. */
    private static final int SCOPE_AT = 4;

    private static final int SCOPE_END = SCOPE_AT + 3;

    private final Dialogue dialogue;
    private final CommandFields fields;

    UserCommands(Dialogue dialogue) {
        this.dialogue = dialogue;
        this.fields = new CommandFields(dialogue);
    }

    /** USER and TOKEN. */
    void perform(TextCommand command) {
        String what = command.fieldCount == 0 ? "" : command.raw(0);
        if (command.verb == Verb.TOKEN) {
            token(command, what);
        } else {
            user(command, what);
        }
    }

    private void user(TextCommand command, String what) {
        switch (what) {
            case "LIST" -> {
                if (fields.fits(command, 1, 1, "USER:LIST")) {
                    dialogue.awaitLarge(admin().users(), Lists::users);
                }
            }
            case "ADD" -> add(command);
            case "PASSWD" -> setPassword(command);
            case "ROLE" -> change(command, 3, 3, "USER:ROLE:<name>:<role>", of -> UserWords.role(of[1], of[2]));
            case "GRANT" -> change(command, 5, 5, GRANT, of -> UserWords.grant(of[1], of[2], of[3], of[4]));
            case "REVOKE" ->
                change(
                        command,
                        4,
                        5,
                        "USER:REVOKE:<name>:<namespaces>:<names>[:<operations>]",
                        of -> UserWords.revoke(of[1], of[2], of[3], of.length > 4 ? of[4] : ""));
            case "KEY" ->
                change(command, 3, 3, "USER:KEY:<name>:<key>", of -> Outcome.of(new UserChange.AddKey(of[1], of[2])));
            case "UNKEY" ->
                change(
                        command,
                        3,
                        3,
                        "USER:UNKEY:<name>:<key>",
                        of -> Outcome.of(new UserChange.RemoveKey(of[1], of[2])));
            case "REMOVE" -> remove(command);
            default -> fields.unknown(command, what);
        }
    }

    private BrokerAdmin admin() {
        return dialogue.environment.broker().admin(dialogue.link.identity());
    }

    private void add(TextCommand command) {
        if (!fields.fits(command, 2, 4, "USER:ADD:<name>[:<role>[:<password>]]")) {
            return;
        }
        String name = fields.text(command, 1);
        String role = name == null || command.fieldCount < 3 ? "" : fields.text(command, 2);
        if (name == null || role == null) {
            return;
        }
        UserChange.Add wish = fields.granted(
                UserWords.add(name, role, dialogue.environment.time().wallMs()));
        if (wish == null) {
            return;
        }
        if (command.fieldCount < 4 || command.fieldLength(3) == 0) {
            change(wish, "USER:ADD", name);
        } else {
            withVerifier(command, 3, "USER:ADD", name, wish::with);
        }
    }

    private void setPassword(TextCommand command) {
        String name = fields.fits(command, 3, 3, "USER:PASSWD:<name>:<password>") ? fields.text(command, 1) : null;
        if (name != null) {
            long nowMs = dialogue.environment.time().wallMs();
            withVerifier(
                    command, 2, "USER:PASSWD", name, verifier -> new UserChange.SetPassword(name, verifier, nowMs));
        }
    }

    /** Makes a verifier first, on another thread. */
    private void withVerifier(
            TextCommand command, int field, String words, String name, Function<String, UserChange> wish) {
        byte @Nullable [] password =
                PercentCodec.decodeBytes(command.bytes, command.fieldStart[field], command.fieldLength(field));
        if (password == null) {
            fields.invalid("malformed percent-encoding");
            return;
        }
        // Making a verifier costs: not for whom it would be of no use.
        Refusal refusal =
                dialogue.environment.broker().mayChange(dialogue.link.identity(), new ChangeUsers(wish.apply("")));
        if (refusal != null) {
            dialogue.refuse(refusal);
            return;
        }
        dialogue.await(
                dialogue.heard(dialogue.environment.authenticator().verifier(password))
                        .compose(verifier -> dialogue.link.change(new ChangeUsers(wish.apply(verifier)))),
                catalog -> done(words, name));
    }

    private void remove(TextCommand command) {
        String name = fields.fits(command, 2, 3, "USER:REMOVE:<name>[:even-last]") ? fields.text(command, 1) : null;
        boolean isEvenLast = command.is(2, "even-last");
        if (name != null && command.fieldCount == 3 && !isEvenLast) {
            fields.invalid("option=" + Names.shown(command.raw(2)) + " allowed=even-last");
        } else if (name != null) {
            change(new UserChange.Remove(name, isEvenLast), "USER:REMOVE", name);
        }
    }

    private void token(TextCommand command, String what) {
        switch (what) {
            case "LIST" -> {
                if (fields.fits(command, 1, 1, "TOKEN:LIST")) {
                    dialogue.awaitLarge(admin().users(), Lists::tokens);
                }
            }
            case "ADD" -> addToken(command);
            case "REMOVE" -> {
                String[] of = texts(command, 2, 2, "TOKEN:REMOVE:<id>");
                if (of != null) {
                    change(new UserChange.RemoveToken(of[1]), "TOKEN:REMOVE", of[1]);
                }
            }
            default -> fields.unknown(command, what);
        }
    }

    private void addToken(TextCommand command) {
        boolean isWhole = command.fieldCount <= SCOPE_AT || command.fieldCount == SCOPE_END;
        String[] of = texts(command, 2, isWhole ? SCOPE_END : 0, TOKEN);
        if (of == null) {
            return;
        }
        long ttlMs = command.fieldCount > 2 && command.fieldLength(2) > 0 ? command.number(2) : 0;
        if (ttlMs < 0) {
            fields.invalid("ttl ms, allowed=0 for no end, or how long it is good");
            return;
        }
        long nowMs = dialogue.environment.time().wallMs();
        Tokens.Made made = Tokens.make(RANDOM);
        List<String> scope =
                of.length > SCOPE_AT ? List.of(of[SCOPE_AT], of[SCOPE_AT + 1], of[SCOPE_AT + 2]) : List.of();
        UserChange wish = fields.granted(
                UserWords.token(made, of[1], nowMs, ttlMs == 0 ? 0 : nowMs + ttlMs, scope, of.length > 3 ? of[3] : ""));
        if (wish != null) {
            dialogue.await(
                    dialogue.link.change(new ChangeUsers(wish)),
                    catalog -> "OK:TOKEN:ADD:" + made.id() + ":" + made.text());
        }
    }

    private void change(
            TextCommand command, int least, int most, String grammar, Function<String[], Outcome<UserChange>> wish) {
        String[] of = texts(command, least, most, grammar);
        if (of != null) {
            UserChange granted = fields.granted(wish.apply(of));
            if (granted != null) {
                change(granted, "USER:" + of[0], of[1]);
            }
        }
    }

    /** All fields as text; null, and refused, where these do not fit. */
    private String @Nullable [] texts(TextCommand command, int least, int most, String grammar) {
        if (!fields.fits(command, least, most, grammar)) {
            return null;
        }
        String[] texts = new String[command.fieldCount];
        for (int i = 0; i < texts.length; i++) {
            String text = fields.text(command, i);
            if (text == null) {
                return null;
            }
            texts[i] = text;
        }
        return texts;
    }

    private void change(UserChange change, String words, String name) {
        dialogue.await(dialogue.link.change(new ChangeUsers(change)), catalog -> done(words, name));
    }

    private static String done(String words, String name) {
        return "OK:" + words + ":" + PercentCodec.encode(name);
    }
}
