package dev.recado.transport.amqp;

import dev.recado.core.message.HeaderValue;
import dev.recado.core.message.HeaderView;
import dev.recado.core.topic.ExchangeDef;
import dev.recado.core.topic.ExchangeType;
import dev.recado.transport.amqp.wire.ContentHeader;
import dev.recado.transport.amqp.wire.FieldCursor;
import dev.recado.transport.amqp.wire.FieldTable;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Fields of tables as values that headers exchanges compare. */
final class TableValues {

    private static final String MATCH = "x-match";
    private static final Set<String> MATCHES = Set.of("all", "any", "all-with-x", "any-with-x");

    private TableValues() {}

    /** Why a binding to a headers exchange is refused, in the words that users know; null where it is not. */
    static @Nullable String wrongMatch(ExchangeDef exchange, FieldTable arguments) {
        FieldCursor at = new FieldCursor();
        if (exchange.type() != ExchangeType.HEADERS || !arguments.find(MATCH, at)) {
            return null;
        }
        if (!at.isText()) {
            return "Invalid " + MATCH + " field type " + at.typeName() + " (value " + at.toObject()
                    + "); expected longstr";
        }
        return MATCHES.contains(at.text())
                ? null
                : "Invalid " + MATCH + " field value <<\"" + at.text()
                        + "\">>; expected all, any, all-with-x, or any-with-x";
    }

    /** What a binding wants; of fields with the same name the first counts. */
    static Map<String, HeaderValue> wanted(FieldTable arguments) {
        Map<String, HeaderValue> values = new TreeMap<>();
        FieldCursor at = arguments.fields();
        while (at.next()) {
            values.putIfAbsent(at.name(), value(at));
        }
        return values;
    }

    /** The headers of a message, looked at only where somebody compares them; valid as long as {@code header} is. */
    static HeaderView view(ContentHeader header) {
        FieldCursor at = new FieldCursor();
        return (name, wanted) -> header.findHeader(name, at) && wanted.matches(value(at));
    }

    /** What has no value to compare is only there. */
    private static HeaderValue value(FieldCursor at) {
        HeaderValue value = null;
        if (at.isText()) {
            value = new HeaderValue.Text(at.text());
        } else if (at.isInteger()) {
            value = HeaderValue.of(at.integer());
        } else if (at.isFlag()) {
            value = new HeaderValue.Flag(at.flag());
        } else if (at.isFloating()) {
            value = HeaderValue.of(at.floating());
        } else if (at.isTimestamp()) {
            value = HeaderValue.of(at.timestamp());
        } else if (at.toObject() instanceof FieldCursor.Decimal decimal) {
            value = HeaderValue.of(BigDecimal.valueOf(decimal.unscaled(), decimal.digits()));
        } else if (at.letter() == 'x') {
            value = new HeaderValue.Bytes(
                    Arrays.copyOfRange(at.bytes(), at.valueStart(), at.valueStart() + at.valueLength()));
        } else if (at.letter() == 'F' || at.letter() == 'A') {
            value = encoded(at);
        }
        return value == null ? new HeaderValue.Present() : value;
    }

    /** A table or an array is equal to one of the same encoding. Its letter tells it from bytes that are the same. */
    private static HeaderValue encoded(FieldCursor at) {
        byte[] bytes = new byte[1 + at.valueLength()];
        bytes[0] = (byte) at.letter();
        System.arraycopy(at.bytes(), at.valueStart(), bytes, 1, at.valueLength());
        return new HeaderValue.Bytes(bytes);
    }
}
