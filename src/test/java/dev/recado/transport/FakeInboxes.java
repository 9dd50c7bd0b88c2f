package dev.recado.transport;

import dev.recado.base.ErrorCode;
import dev.recado.base.Names;
import dev.recado.broker.InboxAddress;
import dev.recado.core.message.Draft;
import dev.recado.core.message.MessageView;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Addresses for answers of a {@link FakeBroker}: {@code n1/0/session/correlation}, {@code n1/-1/hash/correlation}. */
final class FakeInboxes {

    private final List<FakeLink> links;
    /** Sessions whose inbox has a name, by it. */
    private final Map<String, FakeLink> named = new HashMap<>();

    FakeInboxes(List<FakeLink> links) {
        this.links = links;
    }

    Future<Void> name(FakeLink link, String name, boolean takeOver) {
        if (name.isEmpty() || name.length() > 1_024 || !Names.isWellFormed(name)) {
            return FakeDoor.failed(ErrorCode.INVALID_ARGUMENT, "inbox name of " + name.length() + " characters");
        }
        if (named.containsValue(link) && named.get(name) != link) {
            return FakeDoor.failed(ErrorCode.NOT_ALLOWED, "the session's inbox has a name already");
        }
        FakeLink holder = named.get(name);
        if (holder != null && holder != link) {
            if (!takeOver || !link.mayReplace(holder)) {
                return FakeDoor.failed(ErrorCode.NAME_IN_USE, "inbox=" + name);
            }
            holder.end(FakeDoor.replaced("inbox=" + name));
        }
        named.put(name, link);
        return Future.succeededFuture();
    }

    void forget(FakeLink link) {
        named.values().remove(link);
    }

    String address(String name, long correlation) {
        return "n1/-1/" + token(name) + "/" + correlation;
    }

    String address(FakeLink link, long correlation) {
        return named.entrySet().stream()
                .filter(one -> one.getValue() == link)
                .map(one -> address(one.getKey(), correlation))
                .findFirst()
                .orElseGet(() -> "n1/0/" + links.indexOf(link) + "/" + correlation);
    }

    private static long token(String name) {
        return Math.abs((long) name.hashCode());
    }

    /** Whose inbox has the address, or null. */
    @Nullable
    FakeLink asker(String address) {
        InboxAddress parsed = InboxAddress.parse(address);
        if (parsed == null || !parsed.nodeId().equals("n1")) {
            return null;
        }
        long token = parsed.token();
        FakeLink found = null;
        if (parsed.loop() == 0 && token >= 0 && token < links.size()) {
            found = links.get((int) token);
        } else if (parsed.loop() == -1) {
            found = named.entrySet().stream()
                    .filter(one -> token(one.getKey()) == token)
                    .map(Map.Entry::getValue)
                    .findFirst()
                    .orElse(null);
        }
        return found == null || found.closed ? null : found;
    }

    /** Answers whether somebody got it. */
    boolean reply(String address, Draft draft) {
        FakeLink asker = asker(address);
        InboxAddress parsed = InboxAddress.parse(address);
        MessageView view = new MessageView();
        if (asker == null || parsed == null || !view.read(FakeBroker.message(draft), 0)) {
            return false;
        }
        asker.port.replies().onReply(parsed.correlation(), view);
        return true;
    }
}
