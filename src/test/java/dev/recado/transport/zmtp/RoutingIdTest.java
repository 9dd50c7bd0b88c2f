package dev.recado.transport.zmtp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ByteWriter;
import dev.recado.core.message.Draft;
import dev.recado.core.message.Headers;
import dev.recado.core.message.MessageLayout;
import dev.recado.core.message.MessageView;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RoutingIdTest {

    private final Draft draft = new Draft();
    private final MessageView view = new MessageView();

    private String frame() {
        ByteWriter out = new ByteWriter(64);
        MessageLayout.write(out, draft);
        assertThat(view.read(out.toByteArray(), 0)).isTrue();
        ByteWriter frames = new ByteWriter(64);
        RoutingId.putFrame(view, frames);
        int length = frames.array()[1] & 0xFF;
        assertThat(frames.array()[0]).isEqualTo((byte) 1);
        assertThat(frames.size()).isEqualTo(2 + length);
        return Frame.text(frames.array(), 2, length);
    }

    private void replyTo(String address) {
        ByteWriter headers = new ByteWriter(64);
        Headers.put(headers, "x", "1");
        Headers.put(headers, Headers.REPLY_TO, address);
        draft.headers(headers.array(), 0, headers.size());
    }

    @Test
    void shouldBeTheIdentityWhereThereIsOne() {
        draft.clear();
        replyTo("n1/-1/77/0");
        RoutingId.put(draft, Frame.ascii("alice"));
        assertThat(frame()).isEqualTo("alice");
        assertThat(RoutingId.isOfZmtp(view)).isTrue();
        RoutingId.put(draft, Frame.ascii("i".repeat(255)));
        assertThat(frame()).isEqualTo("i".repeat(255));
    }

    @Test
    void shouldElseBeTheAddressBehindAZero() {
        draft.clear();
        assertThat(frame()).isEqualTo("\\x00");
        assertThat(RoutingId.isOfZmtp(view)).isFalse();
        RoutingId.put(draft, new byte[0]);
        assertThat(frame()).isEqualTo("\\x00");
        assertThat(RoutingId.isOfZmtp(view)).isTrue();
        replyTo("n1/0/5/1");
        assertThat(frame()).isEqualTo("\\x00n1/0/5/1");
        replyTo("n".repeat(254));
        assertThat(frame()).isEqualTo("\\x00" + "n".repeat(254));
        replyTo("n".repeat(255));
        assertThat(frame()).isEqualTo("\\x00");
    }

    @Test
    void shouldNotTakeTheNativeBlockOfAnotherProtocolForAnIdentity() {
        draft.clear();
        RoutingId.put(draft, Frame.ascii("properties"));
        draft.nativeCodec = 1;
        assertThat(frame()).isEqualTo("\\x00");
        assertThat(RoutingId.isOfZmtp(view)).isFalse();
    }

    @Test
    void shouldTellAddressesFromIdentities() {
        Random random = new Random(1);
        for (int i = 0; i < 500; i++) {
            byte[] frame = new byte[3 + random.nextInt(40)];
            random.nextBytes(frame);
            frame[1] = (byte) (i % 2);
            String address = RoutingId.address(frame, 1, frame.length - 2);
            assertThat(address == null).isEqualTo(i % 2 == 1);
            assertThat(address == null || address.length() == frame.length - 3).isTrue();
        }
        assertThat(RoutingId.address(new byte[0], 0, 0)).isNull();
        assertThat(RoutingId.address(new byte[1], 0, 1)).isEmpty();
    }

    @Test
    void shouldGiveEveryIdentityItsOwnInboxWithinItsLength() {
        assertThat(RoutingId.inboxOf(new byte[] {1, -1})).isEqualTo("zmtp-router/01ff");
        assertThat(RoutingId.inboxOf(new byte[255]).length()).isLessThanOrEqualTo(1_024);
    }
}
