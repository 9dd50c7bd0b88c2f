package dev.recado.apps.coffee.node;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.Channel;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class OutletTest {

    /** A client's connection fails with the same kind of exception, and was blamed for it. */
    @Test
    void shouldSayThatTheBrokerHasRefused() throws IOException, TimeoutException, InterruptedException {
        // Given
        Outlet outlet = new Outlet(failing("waitForConfirmsOrDie"));
        outlet.publish("coffee.stores", "stores.0", new byte[1]);

        // When / Then
        assertThatThrownBy(outlet::confirm)
                .isInstanceOf(BrokerLostException.class)
                .hasMessage("the broker has refused a message");
    }

    @Test
    void shouldSayThatTheBrokerIsGone() throws IOException {
        // Given
        Outlet outlet = new Outlet(failing("basicPublish"));

        // When / Then
        assertThatThrownBy(() -> outlet.publish("coffee.stores", "stores.0", new byte[1]))
                .isInstanceOf(BrokerLostException.class)
                .hasMessage("the broker takes no message");
    }

    /** A channel of which one method fails and the others do nothing. */
    private static Channel failing(String name) {
        return (Channel) Proxy.newProxyInstance(
                Channel.class.getClassLoader(), new Class<?>[] {Channel.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals(name)) {
                        throw new IOException("as the client has it");
                    }
                    return null;
                });
    }
}
