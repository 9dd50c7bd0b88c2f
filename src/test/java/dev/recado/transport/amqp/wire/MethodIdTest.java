package dev.recado.transport.amqp.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class MethodIdTest {

    /** Where Debian's package amqp-specs puts the table of methods; the property tells of another place. */
    private static final Path SPECIFICATION = Path.of(System.getProperty(
            "recado.amqp-specs", "/usr/share/amqp/specs/0-9-1-rabbit/amqp0-9-1.stripped.extended.xml"));

    /** What the table does not have: later extensions of RabbitMQ, and a class of older versions. */
    private static final Set<String> BEYOND = Set.of(
            "connection.blocked 10,60 server",
            "connection.unblocked 10,61 server",
            "connection.update-secret 10,70 client sync",
            "connection.update-secret-ok 10,71 server sync",
            "access.request 30,10 client sync",
            "access.request-ok 30,11 server sync");

    @Test
    void shouldHaveTheMethodsOfTheSpecification() throws Exception {
        // Given
        boolean isThere = Files.exists(SPECIFICATION);
        if (!isThere) {
            System.err.println("*** TEST SKIPPED: it needs " + SPECIFICATION + "; install: apt-get install amqp-specs");
        }
        assertThat(isThere || !"true".equals(System.getenv("CI")))
                .as("CI=true and %s", SPECIFICATION)
                .isTrue();
        assumeThat(isThere).isTrue();
        Set<String> expected = new TreeSet<>(BEYOND);
        Document document =
                DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(SPECIFICATION.toFile());
        NodeList methods = document.getElementsByTagName("method");
        for (int i = 0; i < methods.getLength(); i++) {
            expected.add(show((Element) methods.item(i)));
        }

        // When
        Set<String> found = new TreeSet<>();
        for (MethodId one : MethodId.values()) {
            found.add(show(one));
        }

        // Then
        assertThat(found).isEqualTo(expected);
    }

    private static String show(Element method) {
        Element ofClass = (Element) method.getParentNode();
        boolean client = false;
        boolean server = false;
        NodeList takers = method.getElementsByTagName("chassis");
        for (int i = 0; i < takers.getLength(); i++) {
            boolean taken = ((Element) takers.item(i)).getAttribute("name").equals("server");
            client |= taken;
            server |= !taken;
        }
        return ofClass.getAttribute("name") + "." + method.getAttribute("name") + " " + ofClass.getAttribute("index")
                + "," + method.getAttribute("index") + (client ? " client" : "") + (server ? " server" : "")
                + (method.getAttribute("synchronous").equals("1") ? " sync" : "")
                + (method.getAttribute("content").equals("1") ? " content" : "");
    }

    private static String show(MethodId one) {
        return one.wireName() + " " + one.classId() + "," + one.methodId() + (one.isFromClient() ? " client" : "")
                + (one.isFromServer() ? " server" : "") + (one.isSynchronous() ? " sync" : "")
                + (one.hasContent() ? " content" : "");
    }

    @Test
    void shouldFindEachByItsNumbersAndNothingElse() {
        int found = 0;
        for (int classId = -1; classId < 300; classId++) {
            for (int methodId = -1; methodId < 300; methodId++) {
                MethodId one = MethodId.of(classId, methodId);
                if (one != null) {
                    assertThat(one.classId()).isEqualTo(classId);
                    assertThat(one.methodId()).isEqualTo(methodId);
                    assertThat(MethodId.of(one.key())).isEqualTo(one);
                    found++;
                }
            }
        }
        assertThat(found).isEqualTo(MethodId.values().length);
        assertThat(MethodId.of(0xFFFF_FFFF)).isNull();
        assertThat(MethodId.of(0x003C_FFFF)).isNull();
    }

    @Test
    void shouldHaveTheNamesThatUsersSearchFor() {
        assertThat(MethodId.BASIC_RECOVER_ASYNC.wireName()).isEqualTo("basic.recover-async");
        assertThat(MethodId.CONNECTION_UPDATE_SECRET_OK.wireName()).isEqualTo("connection.update-secret-ok");
        assertThat(show(MethodId.BASIC_PUBLISH)).isEqualTo("basic.publish 60,40 client content");
        assertThat(show(MethodId.EXCHANGE_UNBIND_OK)).isEqualTo("exchange.unbind-ok 40,51 server sync");
        assertThat(show(MethodId.BASIC_NACK)).isEqualTo("basic.nack 60,120 client server");
    }
}
