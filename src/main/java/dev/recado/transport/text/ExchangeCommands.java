package dev.recado.transport.text;

import dev.recado.base.Names;
import dev.recado.base.PercentCodec;
import dev.recado.core.message.HeaderValue;
import dev.recado.core.topic.CatalogChange;
import dev.recado.core.topic.ExchangeSettings;
import dev.recado.core.topic.ExchangeType;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicName;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The commands about exchanges and what they lead to: EXCHANGE, BIND, UNBIND. One session's, one owner. */
final class ExchangeCommands {

    private static final String VALUES = "true, false, a number, 0x and hexadecimal digits, a text in quotation marks";

    private final Dialogue dialogue;
    private final CommandFields fields;

    ExchangeCommands(Dialogue dialogue) {
        this.dialogue = dialogue;
        this.fields = new CommandFields(dialogue);
    }

    /** EXCHANGE. */
    void exchange(TextCommand command) {
        String what = command.fieldCount == 0 ? "" : command.raw(0);
        switch (what) {
            case "LIST" -> {
                if (fields.fits(command, 1, 1, "EXCHANGE:LIST")) {
                    dialogue.answer(Lists.exchanges(dialogue.catalog(), dialogue::isVisible));
                }
            }
            case "CREATE" -> create(command);
            case "DELETE" -> {
                String name = fields.fits(command, 2, 2, "EXCHANGE:DELETE:<name>") ? fields.text(command, 1) : null;
                if (name != null) {
                    change(
                            new CatalogChange.DeleteExchange(dialogue.name(name)),
                            "OK:EXCHANGE:DELETE:" + PercentCodec.encode(name));
                }
            }
            case "BIND", "UNBIND" -> bindExchange(command, what);
            default -> fields.unknown(command, what);
        }
    }

    private void create(TextCommand command) {
        if (!fields.fits(command, 3, 4, "EXCHANGE:CREATE:<name>:<type>[:<k=v&k=v>]")) {
            return;
        }
        String name = fields.text(command, 1);
        ExchangeType type = ExchangeType.of(command.raw(2));
        if (name == null) {
            return;
        }
        if (type == null) {
            fields.invalid("exchange type=" + Names.shown(command.raw(2)) + " allowed=direct, fanout, topic, headers");
            return;
        }
        Map<String, String> given = fields.pairs(command, 3);
        ExchangeSettings settings =
                given == null ? null : fields.granted(ExchangeSettings.parse(ExchangeSettings.DEFAULT, given));
        if (settings != null) {
            change(
                    new CatalogChange.CreateExchange(dialogue.name(name), type, settings, false),
                    "OK:EXCHANGE:CREATE:" + PercentCodec.encode(name));
        }
    }

    /** BIND and UNBIND. */
    void bind(TextCommand command) {
        String verb = command.verb.name();
        if (!fields.fits(command, 3, 5, verb + ":<exchange>:<topic>:<key>[:<headers>[:<values>]]")) {
            return;
        }
        String exchange = fields.text(command, 0);
        Topic topic = exchange == null ? null : fields.topic(command, 1);
        if (exchange != null && topic != null) {
            CatalogChange.Target target = new CatalogChange.Target.ToTopic(topic.uuid());
            String names = PercentCodec.encode(exchange) + ":"
                    + PercentCodec.encode(topic.name().name());
            bind(command, 2, new Ends(command.verb == Verb.BIND, exchange, target), "OK:" + verb + ":" + names);
        }
    }

    private void bindExchange(TextCommand command, String what) {
        if (!fields.fits(command, 4, 6, "EXCHANGE:" + what + ":<exchange>:<other>:<key>[:<headers>[:<values>]]")) {
            return;
        }
        String exchange = fields.text(command, 1);
        String other = exchange == null ? null : fields.text(command, 2);
        if (exchange != null && other != null) {
            CatalogChange.Target target = new CatalogChange.Target.ToExchange(dialogue.name(other));
            String names = PercentCodec.encode(exchange) + ":" + PercentCodec.encode(other);
            bind(command, 3, new Ends(what.equals("BIND"), exchange, target), "OK:EXCHANGE:" + what + ":" + names);
        }
    }

    /** What is bound, or unbound, to what. */
    private record Ends(boolean bound, String exchange, CatalogChange.Target target) {}

    /** From field {@code at} on there are the key, and where they are given headers and values. */
    private void bind(TextCommand command, int at, Ends ends, String answer) {
        String key = fields.text(command, at);
        Map<String, HeaderValue> headers = key == null ? null : headers(command, at + 1);
        if (key == null || headers == null) {
            return;
        }
        TopicName name = dialogue.name(ends.exchange());
        change(
                ends.bound()
                        ? new CatalogChange.Bind(name, ends.target(), key, headers)
                        : new CatalogChange.Unbind(name, ends.target(), key, headers),
                answer);
    }

    /** Texts, and behind them values of other kinds. */
    private @Nullable Map<String, HeaderValue> headers(TextCommand command, int field) {
        Map<String, String> texts = fields.pairs(command, field);
        Map<String, String> values = texts == null ? null : fields.pairs(command, field + 1);
        if (texts == null || values == null) {
            return null;
        }
        Map<String, HeaderValue> headers = new HashMap<>();
        texts.forEach((name, text) -> headers.put(name, HeaderValue.wanted(text)));
        for (Map.Entry<String, String> entry : values.entrySet()) {
            HeaderValue value = HeaderValue.parse(entry.getValue());
            if (value == null) {
                fields.invalid("header=" + Names.shown(entry.getKey()) + " value=" + Names.shown(entry.getValue())
                        + " allowed=" + VALUES);
                return null;
            }
            if (headers.put(entry.getKey(), value) != null) {
                fields.invalid("two values of one header, header=" + Names.shown(entry.getKey()));
                return null;
            }
        }
        return headers;
    }

    private void change(CatalogChange change, String answer) {
        dialogue.await(dialogue.link.change(change), catalog -> answer);
    }
}
