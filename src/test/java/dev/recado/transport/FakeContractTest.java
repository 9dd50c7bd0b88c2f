package dev.recado.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.recado.broker.AccessRules;
import dev.recado.broker.AdminRules;
import dev.recado.broker.Broker;
import dev.recado.broker.ContractStage;
import dev.recado.broker.ControlRules;
import dev.recado.broker.InboxRules;
import dev.recado.broker.LeaseRules;
import dev.recado.broker.MemberRules;
import dev.recado.broker.NamespaceLinkRules;
import dev.recado.broker.PublishRules;
import dev.recado.broker.PullRules;
import dev.recado.broker.ReaderRules;
import dev.recado.broker.RoutingRules;
import dev.recado.broker.TapRules;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/** The fakes of protocol tests keep the contract, but for what they do not play. */
@Timeout(60)
@ExtendWith(FakeContractTest.LeaveOut.class)
class FakeContractTest
        implements ContractStage,
                PublishRules,
                RoutingRules,
                NamespaceLinkRules,
                InboxRules,
                MemberRules,
                LeaseRules,
                PullRules,
                ReaderRules,
                TapRules,
                ControlRules,
                AdminRules,
                AccessRules {

    private final FakeBroker broker = new FakeBroker();

    /** Rules that the fakes do not play, and why. One that they keep after all fails: the list only shrinks. */
    static Map<String, String> notPlayed() {
        Map<String, String> rules = new HashMap<>();
        for (String rule : new String[] {
            "shouldConfirmWhatWaitedOnceThereIsRoom",
            "shouldForgetWhatWaitsOfASessionThatEnds",
            "shouldRefuseAtOnceWhatWaitsWhenTheSessionSaysSo",
            "shouldRefuseOnceATopicThatWasFullIsFullForTooLong",
            "shouldRefuseOneThroughAnExchangeOnceWhereATopicIsFull",
            "shouldStopAndResumeReadingOnceWhileASessionThatWaitsWaits",
            "shouldStopAndResumeReadingOnceWhileTooMuchIsUnconfirmed"
        }) {
            rules.put(rule, "nothing is ever full: tests play it by holdConfirms, parked and onBackPressure");
        }
        rules.put("shouldGiveAProducersIdToOneSessionOfEachNamespace", "a producer is one of the whole broker");
        for (String rule : new String[] {"shouldDelayWhatIsGivenBackAsItIsTold", "shouldEndALeaseWhenItWasToldTo"}) {
            rules.put(rule, "no time passes");
        }
        for (String rule :
                new String[] {"shouldPutWhatIsRejectedAmongTheDeadLetters", "shouldCountTheAttemptWhereASessionVanishes"
                }) {
            rules.put(rule, "there are no dead letters");
        }
        for (String rule : new String[] {
            "shouldTellEachChangeOfWhatIsWantedInOrder",
            "shouldTellOfAPrefixOnceWhoeverWantsIt",
            "shouldGoOnWatchingTheNameOfATopic"
        }) {
            rules.put(rule, "everything is wanted: tests play changes by onInterest");
        }
        for (String rule : new String[] {
            "shouldRefuseToMoveAGroupThatIsGone",
            "shouldEndSubscriptionsOfAGroupThatIsDeleted",
            "shouldTellTheEndOfAGroupBehindTheBeginningOfASubscription"
        }) {
            rules.put(rule, "groups of the catalog are others than those of the broker");
        }
        for (String rule :
                new String[] {"shouldCountWhatASessionDoes", "shouldTellHowFastASessionIsOverTheLastSeconds"}) {
            rules.put(rule, "figures are always the same");
        }
        rules.put("shouldNotTellAnAddressFromAnother", "transcripts show addresses: they are numbers in turn");
        rules.put("shouldTellOfMembersThatAreSilent", "nobody is silent");
        rules.put("shouldHaveAtMostSoManySearchesForAdministratorsUnderWay", "a search takes no time");
        rules.put("shouldTellAConsumerWhenItsGroupTurnsNonEmpty", "tests play it by available");
        rules.put("shouldTellAConsumerOfWhatWaitsAtMostEverySecond", "tests play it by available");
        rules.put("shouldBeNoGroupAndCountAsNoBacklog", "figures are always the same");
        rules.put("shouldKeepInMemoryWhatAReaderHasLeft", "what nobody needs is kept all the same");
        rules.put("shouldDescribeATopicAsItIs", "figures are always the same");
        return rules;
    }

    /** What is not played must fail: else it is played. */
    static final class LeaveOut implements InvocationInterceptor {
        @Override
        public void interceptTestMethod(
                Invocation<Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
                throws Throwable {
            check(invocation, method);
        }

        @Override
        public void interceptTestTemplateMethod(
                Invocation<Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
                throws Throwable {
            check(invocation, method);
        }

        private static void check(Invocation<Void> invocation, ReflectiveInvocationContext<Method> method)
                throws Throwable {
            String why = notPlayed().get(method.getExecutable().getName());
            if (why == null) {
                invocation.proceed();
                return;
            }
            try {
                invocation.proceed();
            } catch (Throwable notPlayed) {
                abort(why);
            }
            throw new AssertionError("played after all, to be taken off the list");
        }
    }

    @Test
    void shouldLeaveOutRulesThatThereAre() {
        assertThat(Arrays.stream(FakeContractTest.class.getMethods()).map(Method::getName))
                .containsAll(notPlayed().keySet());
    }

    @Override
    public ContractStage stage() {
        return this;
    }

    @Override
    public Broker broker() {
        return broker;
    }

    /** Transcripts show all figures that a session is told of: there is one. */
    @Override
    public long figure(String name) {
        return switch (name) {
            case "replies_dropped" -> broker.repliesDropped;
            case "acks_ignored" -> broker.acksIgnored;
            default -> throw new IllegalArgumentException(name);
        };
    }

    @Override
    public void on(int loop, Runnable task) {
        task.run();
    }

    @Override
    public void later(int loop, Runnable task) {
        task.run();
    }

    @Override
    public boolean isOn(int loop) {
        return true;
    }

    @Override
    public void settle() {
        broker.turn();
    }

    @Override
    public void pass(long ms) {
        broker.turn();
    }
}
