package dev.recado.transport.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Users and tokens as the text protocol makes and shows them. */
class UserDialogueTest {

    private static final Pattern TOKEN = Pattern.compile("OK:TOKEN:ADD:([0-9a-z]{8}):(rct_[0-9a-z]{64})\n");

    private final Stage stage = new Stage();

    private void addAna() {
        stage.play("""
                > USER:ADD:ana:administrator:s%3Acret
                < OK:USER:ADD:ana
                """);
    }

    private String answer(String command) {
        stage.send("A", command + "\n");
        stage.broker.turn();
        return stage.wire("A").rest();
    }

    @Test
    void shouldMakeListChangeAndRemoveUsers() {
        addAna();
        stage.play("""
                > USER:ADD:b%3An
                < OK:USER:ADD:b%3An
                > USER:GRANT:b%3An:/:orders.*:publish,consume
                < OK:USER:GRANT:b%3An
                > USER:GRANT:b%3An:*:logs:browse
                < OK:USER:GRANT:b%3An
                > USER:KEY:b%3An:Yne@$w-vo<fVvi]a<NY6T1ed%3AM$fCG*[IaLV{hID
                < OK:USER:KEY:b%3An
                > USER:LIST
                < {"name":"ana","role":"administrator","password":true,"grants":[],"keys":[]}
                < {"name":"b:n","role":"none","password":false,"grants":["/ orders.* publish,consume","* logs browse"],\
                "keys":["Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID"]}
                < .
                > USER:ROLE:b%3An:operator
                < OK:USER:ROLE:b%3An
                > USER:REVOKE:b%3An:/:orders.*:publish
                < OK:USER:REVOKE:b%3An
                > USER:REVOKE:b%3An:*:logs
                < OK:USER:REVOKE:b%3An
                > USER:UNKEY:b%3An:Yne@$w-vo<fVvi]a<NY6T1ed%3AM$fCG*[IaLV{hID
                < OK:USER:UNKEY:b%3An
                > USER:PASSWD:b%3An:other
                < OK:USER:PASSWD:b%3An
                > USER:LIST
                < {"name":"ana","role":"administrator","password":true,"grants":[],"keys":[]}
                < {"name":"b:n","role":"operator","password":true,"grants":["/ orders.* consume"],"keys":[]}
                < .
                > USER:REMOVE:b%3An
                < OK:USER:REMOVE:b%3An
                > USER:REMOVE:b%3An
                < ERROR:Not found: user=b:n
                """);
    }

    @Test
    void shouldShowATokenOnce() {
        // Given
        addAna();

        // When
        Matcher brief = TOKEN.matcher(answer("TOKEN:ADD:ana:60000:nightly%20job:/:orders.*:publish"));
        Matcher lasting = TOKEN.matcher(answer("TOKEN:ADD:ana"));

        // Then
        assertThat(brief.matches()).isTrue();
        assertThat(lasting.matches()).isTrue();
        String list = answer("TOKEN:LIST");
        assertThat(list)
                .contains("\"id\":\"" + brief.group(1) + "\",\"user\":\"ana\"")
                .contains("\"scope\":[\"/ orders.* publish\"],\"note\":\"nightly job\"")
                .contains("\"until\":0,\"scope\":[],\"note\":\"\"")
                .doesNotContain("rct_")
                .doesNotContain(brief.group(2).substring(12));
        assertThat(answer("TOKEN:REMOVE:" + brief.group(1))).isEqualTo("OK:TOKEN:REMOVE:" + brief.group(1) + "\n");
        assertThat(answer("TOKEN:LIST")).doesNotContain(brief.group(1)).contains(lasting.group(1));
    }

    @Test
    void shouldRefuseWhatIsMalformedOrAgainstTheRules() {
        stage.play("""
                > USER
                < ERROR:Unknown command: USER:
                > USER:FLY
                < ERROR:Unknown command: USER:FLY
                > USER:ADD
                < ERROR:Invalid argument: USER:ADD:<name>[:<role>[:<password>]]
                > USER:ADD:ana:king:x
                < ERROR:Invalid argument: role, allowed=administrator, operator, reader, none
                > USER:ADD:ana:operator:x
                < ERROR:Not allowed: the first user is an administrator with a password, as only such can make others
                > USER:ADD:ana:administrator:%zz
                < ERROR:Invalid argument: malformed percent-encoding
                > USER:ADD:token:administrator:x
                < ERROR:Invalid argument: user=token is whose password a token is; take another
                > USER:ADD:ana:administrator:x
                < OK:USER:ADD:ana
                > USER:ADD:ana:administrator:x
                < ERROR:Name in use: user=ana is there
                > USER:GRANT:ana:/:*:fly
                < ERROR:Invalid argument: operations=fly allowed=publish, consume, browse, configure, administer, \
                monitor, joined by commas
                > USER:GRANT:ana:/:*:administer
                < ERROR:Invalid argument: administer is of the node: namespaces=* names=* expected, not namespaces=/ \
                names=*
                > USER:REMOVE:ana
                < ERROR:Not allowed: user=ana is the last administrator with a password; make another first
                > USER:REMOVE:ana:please
                < ERROR:Invalid argument: option=please allowed=even-last
                > TOKEN
                < ERROR:Unknown command: TOKEN:
                > TOKEN:ADD:eva
                < ERROR:Not found: user=eva
                > TOKEN:ADD:ana:soon
                < ERROR:Invalid argument: ttl ms, allowed=0 for no end, or how long it is good
                > TOKEN:ADD:ana:0::/
                < ERROR:Invalid argument: TOKEN:ADD:<user>[:<ttl ms>[:<note>[:<namespaces>:<names>:<operations>]]]
                > TOKEN:REMOVE:none
                < ERROR:Not found: token=none
                """);
    }
}
