package dev.recado.transport.amqp;

import dev.recado.core.message.HeaderValue;
import dev.recado.core.topic.Binding;
import dev.recado.core.topic.CatalogChange;
import dev.recado.core.topic.ExchangeDef;
import dev.recado.core.topic.ExchangeSettings;
import dev.recado.core.topic.ExchangeType;
import dev.recado.transport.amqp.wire.ExchangeMethods;
import dev.recado.transport.amqp.wire.FieldCursor;
import dev.recado.transport.amqp.wire.MethodId;
import dev.recado.transport.amqp.wire.ReplyCode;
import dev.recado.transport.amqp.wire.ServerMethods;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The methods of class {@code exchange}. One channel's, one owner. */
final class ChannelExchanges {

    private static final String ALTERNATE = "alternate-exchange";

    private final AmqpChannel channel;

    ChannelExchanges(AmqpChannel channel) {
        this.channel = channel;
    }

    void perform(MethodId method) {
        switch (method) {
            case EXCHANGE_DECLARE -> declare(method);
            case EXCHANGE_DELETE -> delete(method);
            case EXCHANGE_BIND -> bind(method);
            case EXCHANGE_UNBIND -> unbind(method);
            default -> channel.fail(AmqpError.notImplemented(method.wireName(), method));
        }
    }

    private void declare(MethodId method) {
        ExchangeMethods.Declare read = channel.read(ExchangeMethods.Declare.read(channel.arguments), method);
        if (read == null) {
            return;
        }
        String name = read.exchange();
        if (name.isEmpty()) {
            channel.fail(AmqpError.defaultExchange(method));
            return;
        }
        ExchangeDef known = channel.catalog().exchange(channel.name(name));
        if (read.passive()) {
            if (known == null) {
                channel.fail(AmqpError.notFound("no " + channel.inVirtualHost("exchange", name), method));
            } else {
                declared(read);
            }
            return;
        }
        ExchangeType type = ExchangeType.of(read.type());
        if (type == null) {
            channel.fail(
                    AmqpError.of(ReplyCode.COMMAND_INVALID, "unknown exchange type '" + read.type() + "'", method));
        } else if (known != null) {
            check(read, type, known, method);
        } else if (name.startsWith(StandardExchanges.RESERVED)) {
            channel.fail(AmqpError.reserved("exchange", name, method));
        } else {
            ExchangeSettings settings = settings(read, method);
            if (settings != null) {
                channel.await(
                        channel.link.change(new CatalogChange.CreateExchange(channel.name(name), type, settings, true)),
                        method,
                        made -> declared(read));
            }
        }
    }

    /** What it is declared with, or null where the channel ends. */
    private @Nullable ExchangeSettings settings(ExchangeMethods.Declare read, MethodId method) {
        FieldCursor at = new FieldCursor();
        String alternate = "";
        if (read.arguments().find(ALTERNATE, at)) {
            if (!at.isText()) {
                channel.fail(AmqpError.precondition(
                        "invalid type '" + at.typeName() + "' for arg '" + ALTERNATE + "' in "
                                + channel.inVirtualHost("exchange", read.exchange()),
                        method));
                return null;
            }
            alternate = at.text();
        }
        return ExchangeSettings.DEFAULT
                .with(ExchangeSettings.DURABLE, read.traits().durable())
                .with(ExchangeSettings.AUTO_DELETE, read.traits().autoDelete())
                .with(ExchangeSettings.INTERNAL, read.traits().internal())
                .with(ExchangeSettings.ALTERNATE, alternate);
    }

    private void check(ExchangeMethods.Declare read, ExchangeType type, ExchangeDef known, MethodId method) {
        ExchangeSettings now = known.settings();
        ExchangeSettings wanted = settings(read, method);
        if (wanted == null) {
            return;
        }
        Stream.of(
                        differs("type", type.word(), known.type().word(), read, method),
                        differs("durable", wanted.isDurable(), now.isDurable(), read, method),
                        differs("auto_delete", wanted.isAutoDelete(), now.isAutoDelete(), read, method),
                        differs("internal", wanted.isInternal(), now.isInternal(), read, method),
                        alternateDiffers(wanted.alternate(), now.alternate(), read, method))
                .flatMap(Optional::stream)
                .findFirst()
                .ifPresentOrElse(channel::fail, () -> declared(read));
    }

    /** Where only one has one, it is told with its type. */
    private Optional<AmqpError> alternateDiffers(
            String received, String current, ExchangeMethods.Declare read, MethodId method) {
        if (received.equals(current) || !received.isEmpty() && !current.isEmpty()) {
            return differs(ALTERNATE, received, current, read, method);
        }
        String what = channel.inVirtualHost("exchange", read.exchange());
        return Optional.of(AmqpError.inequivalent(ALTERNATE, what, typed(received), typed(current), method));
    }

    private static String typed(String alternate) {
        return alternate.isEmpty() ? "none" : "the value '" + alternate + "' of type 'longstr'";
    }

    private Optional<AmqpError> differs(
            String argument, Object received, Object current, ExchangeMethods.Declare read, MethodId method) {
        String what = channel.inVirtualHost("exchange", read.exchange());
        return received.equals(current)
                ? Optional.empty()
                : Optional.of(
                        AmqpError.inequivalent(argument, what, "'" + received + "'", "'" + current + "'", method));
    }

    private void declared(ExchangeMethods.Declare read) {
        if (!read.noWait()) {
            ServerMethods.putBare(channel.session.out, channel.number, MethodId.EXCHANGE_DECLARE_OK);
        }
    }

    private void delete(MethodId method) {
        ExchangeMethods.Delete read = channel.read(ExchangeMethods.Delete.read(channel.arguments), method);
        if (read == null) {
            return;
        }
        String name = read.exchange();
        if (name.isEmpty()) {
            channel.fail(AmqpError.defaultExchange(method));
            return;
        }
        if (name.startsWith(StandardExchanges.RESERVED)) {
            channel.fail(AmqpError.accessRefused(
                    "deletion of system " + channel.inVirtualHost("exchange", name) + " not allowed", method));
            return;
        }
        ExchangeDef known = channel.catalog().exchange(channel.name(name));
        if (known == null) {
            deleted(read);
        } else if (read.ifUnused() && known.bindingCount() > 0) {
            channel.fail(AmqpError.precondition(channel.inVirtualHost("exchange", name) + " in use", method));
        } else {
            channel.await(
                    channel.link.change(new CatalogChange.DeleteExchange(channel.name(name))),
                    method,
                    gone -> deleted(read));
        }
    }

    private void bind(MethodId method) {
        ExchangeMethods.Bind read = channel.read(ExchangeMethods.Bind.read(channel.arguments), method);
        if (read == null) {
            return;
        }
        if (read.source().isEmpty() || read.destination().isEmpty()) {
            channel.fail(AmqpError.defaultExchange(method));
            return;
        }
        for (String name : new String[] {read.source(), read.destination()}) {
            if (channel.catalog().exchange(channel.name(name)) == null) {
                channel.fail(AmqpError.notFound("no " + channel.inVirtualHost("exchange", name), method));
                return;
            }
        }
        ExchangeDef source = channel.catalog().exchange(channel.name(read.source()));
        String wrong = source == null ? null : TableValues.wrongMatch(source, read.arguments());
        if (wrong != null) {
            channel.fail(AmqpError.precondition(wrong, method));
            return;
        }
        CatalogChange change = new CatalogChange.Bind(
                channel.name(read.source()),
                new CatalogChange.Target.ToExchange(channel.name(read.destination())),
                read.routingKey(),
                TableValues.wanted(read.arguments()));
        channel.await(channel.link.change(change), method, done -> bound(read, MethodId.EXCHANGE_BIND_OK));
    }

    private void unbind(MethodId method) {
        ExchangeMethods.Bind read = channel.read(ExchangeMethods.Bind.read(channel.arguments), method);
        if (read == null) {
            return;
        }
        if (read.source().isEmpty() || read.destination().isEmpty()) {
            channel.fail(AmqpError.defaultExchange(method));
            return;
        }
        ExchangeDef source = channel.catalog().exchange(channel.name(read.source()));
        ExchangeDef target = channel.catalog().exchange(channel.name(read.destination()));
        Map<String, HeaderValue> headers = TableValues.wanted(read.arguments());
        if (source == null
                || target == null
                || !source.has(new Binding(Binding.toExchange(target.id()), read.routingKey(), headers))) {
            bound(read, MethodId.EXCHANGE_UNBIND_OK);
            return;
        }
        CatalogChange change = new CatalogChange.Unbind(
                source.name(), new CatalogChange.Target.ToExchange(target.name()), read.routingKey(), headers);
        channel.await(channel.link.change(change), method, done -> bound(read, MethodId.EXCHANGE_UNBIND_OK));
    }

    private void bound(ExchangeMethods.Bind read, MethodId answer) {
        if (!read.noWait()) {
            ServerMethods.putBare(channel.session.out, channel.number, answer);
        }
    }

    private void deleted(ExchangeMethods.Delete read) {
        if (!read.noWait()) {
            ServerMethods.putBare(channel.session.out, channel.number, MethodId.EXCHANGE_DELETE_OK);
        }
    }
}
