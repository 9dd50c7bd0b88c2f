package dev.recado.base;

/** What came of something that a peer asked for: a value, or a refusal. */
public sealed interface Outcome<T> {

    /** It is granted. */
    record Granted<T>(T value) implements Outcome<T> {}

    /** It is refused. */
    record Refused<T>(Refusal refusal) implements Outcome<T> {}

    static <T> Outcome<T> of(T value) {
        return new Granted<>(value);
    }

    static <T> Outcome<T> refused(ErrorCode code, String detail) {
        return new Refused<>(Refusal.of(code, detail));
    }
}
