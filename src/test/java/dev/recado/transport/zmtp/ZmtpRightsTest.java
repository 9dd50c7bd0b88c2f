package dev.recado.transport.zmtp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.broker.AccessNeeds;
import dev.recado.security.Grant;
import dev.recado.security.Identity;
import dev.recado.security.Rights;
import dev.recado.transport.SlowAuthenticator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every role with and without the right that its peers need: refused, nothing of the peer has come to the broker. */
class ZmtpRightsTest {

    private static final Map<Role, List<String>> NEEDS = new EnumMap<>(Map.of(
            Role.ROUTER, List.of("REQ", "publish requests"),
            Role.DEALER, List.of("REP", "consume requests"),
            Role.XSUB, List.of("PUB", "publish pubsub"),
            Role.XPUB, List.of("SUB", "consume pubsub"),
            Role.PULL, List.of("PUSH", "publish pipeline"),
            Role.PUSH, List.of("PULL", "consume pipeline")));

    private final ZmtpStage stage = new ZmtpStage();

    private ZmtpPeer come(Role role, List<Grant> grants) {
        stage.authenticator = new SlowAuthenticator(new Identity("ana", new Rights(grants)));
        ZmtpPeer peer = stage.connection(role);
        peer.greet(socket(role), "", 1);
        peer.send("[x]");
        stage.broker.turn();
        return peer;
    }

    private static String socket(Role role) {
        return Objects.requireNonNull(NEEDS.get(role)).get(0);
    }

    private static String need(Role role) {
        return Objects.requireNonNull(NEEDS.get(role)).get(1);
    }

    @ParameterizedTest
    @EnumSource
    void shouldRefuseInTheHandshakeWithoutTheRight(Role role) {
        // When
        ZmtpPeer peer = come(role, AccessNeeds.without(need(role), List.of(need(role)), name -> name));

        // Then
        String[] words = need(role).split(" ");
        assertThat(peer.next())
                .startsWith("/ERROR")
                .endsWith("the user may not " + words[0] + ", right=" + words[0] + " topic=" + words[1]);
        assertThat(peer.closed).isTrue();
        assertThat(stage.broker.links).isEmpty();
        assertThat(stage.broker.catalog.topicCount()).isZero();
    }

    /** The endpoint's topic is made by the broker, for its operator. */
    @ParameterizedTest
    @EnumSource
    void shouldServeWhoHasTheRightAlone(Role role) {
        // When
        ZmtpPeer peer = come(role, AccessNeeds.grants(List.of(need(role)), name -> name));

        // Then
        assertThat(peer.next()).startsWith("/READY");
        assertThat(peer.closed).isFalse();
        assertThat(stage.broker.links.get(0).identity().user()).isEqualTo("ana");
        assertThat(stage.broker
                        .log(stage.topic(need(role).split(" ")[1]))
                        .partitions
                        .get(0))
                .hasSize(role.publishes() ? 1 : 0);
    }

    @Test
    void shouldHaveARowForEveryRole() {
        assertThat(NEEDS.keySet()).containsExactlyInAnyOrder(Role.values());
    }
}
