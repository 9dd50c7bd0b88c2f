package dev.recado.transport.amqp;

import dev.recado.base.ByteWriter;
import dev.recado.transport.amqp.wire.ContentHeader;
import dev.recado.transport.amqp.wire.FieldCursor;
import dev.recado.transport.amqp.wire.MethodId;
import dev.recado.transport.amqp.wire.PropertiesBuilder;
import dev.recado.transport.amqp.wire.TableBuilder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The headers {@code CC} and {@code BCC} of a message: routing keys beside its own, in arrays. Nobody who gets the
 * message sees the second one.
 *
 * @param problem why the message cannot be taken; null where it can
 */
record Copies(List<String> keys, @Nullable AmqpError problem) {

    private static final String SEEN = "CC";
    private static final String UNSEEN = "BCC";

    /** Those of a message, which is without {@code BCC} from then on; null where it has none. */
    static @Nullable Copies of(ContentHeader header) {
        FieldCursor at = new FieldCursor();
        boolean seen = header.findHeader(SEEN, at);
        boolean unseen = header.findHeader(UNSEEN, at);
        if (!seen && !unseen) {
            return null;
        }
        List<String> keys = new ArrayList<>();
        AmqpError problem = add(SEEN, header, keys);
        problem = problem != null ? problem : add(UNSEEN, header, keys);
        if (unseen && problem == null) {
            hide(header);
        }
        return new Copies(keys, problem);
    }

    private static @Nullable AmqpError add(String name, ContentHeader header, List<String> keys) {
        FieldCursor at = new FieldCursor();
        if (!header.findHeader(name, at)) {
            return null;
        }
        if (!at.isArray()) {
            return AmqpError.precondition(
                    "invalid message: {unacceptable_type_in_header,\"" + name + "\"," + at.typeName() + "}",
                    MethodId.BASIC_PUBLISH);
        }
        FieldCursor each = at.elements(new FieldCursor());
        while (each.next()) {
            if (each.isText()) {
                keys.add(each.text());
            }
        }
        return null;
    }

    private static void hide(ContentHeader header) {
        TableBuilder rest = new TableBuilder().putAll(header.headers()).remove(UNSEEN);
        ByteWriter made = new ByteWriter(64);
        PropertiesBuilder.of(header).headers(rest).put(made);
        header.readProperties(made.array(), 0, made.size());
    }

    /** All keys, that of the publish first. */
    List<String> with(String key) {
        List<String> all = new ArrayList<>(keys.size() + 1);
        all.add(key);
        all.addAll(keys);
        return all;
    }
}
