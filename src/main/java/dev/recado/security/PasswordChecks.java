package dev.recado.security;

import dev.recado.base.BrokerException;
import dev.recado.base.ErrorCode;
import dev.recado.base.Refusal;
import dev.recado.base.TimeSource;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Compares passwords with verifiers, at most {@link #THREADS} at once and on threads of its own, which are there while
 * there is work. The addresses that ask take turns, so that one with many questions does not hold up others; each may
 * have {@link #WAITING_MAX_OF_ADDRESS} waiting, all together {@link #WAITING_MAX}, and what is too much fails with
 * LIMIT_REACHED at once. Equal questions at one time are one. That a password was right is remembered for {@link
 * #REMEMBERED_MS}, under a key that only this process has, of user, verifier and password together: another
 * verifier is another question. Safe for use by any thread.
 */
public final class PasswordChecks {

    public static final int THREADS = 2;
    public static final int WAITING_MAX = 256;
    public static final int WAITING_MAX_OF_ADDRESS = 64;
    public static final long REMEMBERED_MS = 600_000;
    public static final int REMEMBERED_MAX = 4_096;

    private static final long IDLE_S = 10;
    private static final String MAC = "HmacSHA256";

    /** Passwords on their way to become verifiers. */
    private static final int HASHES_MAX = 16;

    private final TimeSource time;
    private final SecureRandom random = new SecureRandom();
    private final SecretKeySpec secret;
    private final ThreadPoolExecutor pool;
    // All below are guarded by this object's lock.
    private final Map<String, Deque<Question>> byAddress = new LinkedHashMap<>();
    private final Map<ByteBuffer, Question> underWay = new HashMap<>();
    /** When each was right; the oldest first. */
    private final Map<ByteBuffer, Long> right = new LinkedHashMap<>();

    private int waiting;
    private int hashes;
    private long checks;
    private long nanos;

    private static final class Question {
        private final ByteBuffer key;
        private final String verifier;
        private final byte[] password;
        private final Promise<Boolean> answer = Promise.promise();

        private Question(ByteBuffer key, String verifier, byte[] password) {
            this.key = key;
            this.verifier = verifier;
            this.password = password.clone();
        }
    }

    public PasswordChecks(TimeSource time) {
        this.time = time;
        byte[] bytes = new byte[32];
        random.nextBytes(bytes);
        secret = new SecretKeySpec(bytes, MAC);
        pool = new ThreadPoolExecutor(THREADS, THREADS, IDLE_S, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
            Thread thread = new Thread(task, "recado-password");
            thread.setDaemon(true);
            return thread;
        });
        pool.allowCoreThreadTimeOut(true);
    }

    /**
     * Whether the password fits the user's verifier. Where that is empty, as of a user that does not exist, never,
     * after the same work. The array is copied. Completes on any thread.
     */
    public Future<Boolean> check(String address, String user, String verifier, byte[] password) {
        ByteBuffer key = key(user, verifier, password);
        synchronized (this) {
            if (isRemembered(key)) {
                return Future.succeededFuture(true);
            }
            Question question = underWay.get(key);
            if (question == null) {
                Deque<Question> theirs = byAddress.get(address);
                if (waiting >= WAITING_MAX || (theirs != null && theirs.size() >= WAITING_MAX_OF_ADDRESS)) {
                    return Future.failedFuture(BrokerException.of(Refusal.of(
                            ErrorCode.LIMIT_REACHED, "too many logins wait for their passwords: try again later")));
                }
                question = new Question(key, verifier, password);
                underWay.put(key, question);
                byAddress.computeIfAbsent(address, unused -> new ArrayDeque<>()).add(question);
                waiting++;
                pool.execute(this::runNext);
            }
            return question.answer.future();
        }
    }

    private ByteBuffer key(String user, String verifier, byte[] password) {
        try {
            Mac mac = Mac.getInstance(MAC);
            mac.init(secret);
            for (String part : new String[] {user, verifier}) {
                byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
                mac.update(
                        ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
                mac.update(bytes);
            }
            return ByteBuffer.wrap(mac.doFinal(password));
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every Java has " + MAC, e);
        }
    }

    private boolean isRemembered(ByteBuffer key) {
        Long since = right.get(key);
        if (since != null && time.monotonicMs() - since >= REMEMBERED_MS) {
            right.remove(key);
            return false;
        }
        return since != null;
    }

    /** The next question of the next address. */
    private synchronized Question take() {
        Iterator<Map.Entry<String, Deque<Question>>> first =
                byAddress.entrySet().iterator();
        Map.Entry<String, Deque<Question>> turn = first.next();
        String address = turn.getKey();
        Deque<Question> theirs = turn.getValue();
        first.remove();
        Question question = theirs.remove();
        if (!theirs.isEmpty()) {
            byAddress.put(address, theirs);
        }
        waiting--;
        return question;
    }

    private void runNext() {
        Question question = take();
        try {
            long beganNanos = time.monotonicNanos();
            boolean fits = question.verifier.isEmpty()
                    ? PasswordHash.matchesNobody(question.password)
                    : PasswordHash.matches(question.verifier, question.password);
            onChecked(question, fits, time.monotonicNanos() - beganNanos);
            question.answer.complete(fits);
        } catch (RuntimeException | Error e) {
            synchronized (this) {
                underWay.remove(question.key);
            }
            question.answer.fail(e);
        } finally {
            Arrays.fill(question.password, (byte) 0);
        }
    }

    private synchronized void onChecked(Question question, boolean fits, long took) {
        underWay.remove(question.key);
        checks++;
        nanos += took;
        if (fits) {
            right.remove(question.key);
            if (right.size() >= REMEMBERED_MAX) {
                Iterator<ByteBuffer> oldest = right.keySet().iterator();
                oldest.next();
                oldest.remove();
            }
            right.put(question.key, time.monotonicMs());
        }
    }

    /** A new verifier, made in the same threads. */
    public Future<String> hash(byte[] password) {
        synchronized (this) {
            if (hashes >= HASHES_MAX) {
                return Future.failedFuture(BrokerException.of(Refusal.of(
                        ErrorCode.LIMIT_REACHED, "passwords that are being set, limit=" + HASHES_MAX + ": try again")));
            }
            hashes++;
        }
        byte[] copy = password.clone();
        Promise<String> made = Promise.promise();
        pool.execute(() -> {
            try {
                made.complete(PasswordHash.of(copy, random));
            } catch (RuntimeException | Error e) {
                made.fail(e);
            } finally {
                Arrays.fill(copy, (byte) 0);
                onHashed();
            }
        });
        return made.future();
    }

    private synchronized void onHashed() {
        hashes--;
    }

    /** Comparisons so far, without those that were remembered. */
    public synchronized long checks() {
        return checks;
    }

    /** What one took on average, in microseconds. */
    public synchronized long microsMean() {
        return checks == 0 ? 0 : nanos / checks / 1_000;
    }

    /** Comparisons that wait. */
    public synchronized int waiting() {
        return waiting;
    }

    /** Ends its threads; what waits is never answered. */
    public void close() {
        pool.shutdownNow();
    }
}
