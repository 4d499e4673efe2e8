package io.flagledger.core.travel;

/** A text is no {@link Cut}. The message says which text, what is expected, and what is wrong with it as far as that is known. */
public final class MalformedCutException extends RuntimeException {
    MalformedCutException(String text, String hint, Throwable cause) {
        super("'%s' is neither %s%s".formatted(text, CutText.FORMS, hint), cause);
    }
}
