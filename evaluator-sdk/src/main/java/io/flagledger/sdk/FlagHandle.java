package io.flagledger.sdk;

import io.flagledger.core.evaluate.CompiledEnvironment;
import io.flagledger.core.evaluate.CompiledFlag;
import io.flagledger.core.evaluate.Decision;
import io.flagledger.core.evaluate.Subject;
import org.jspecify.annotations.Nullable;

/**
 * One flag, looked up once for each position and not for each question: for hot paths. Follows the flag through all its
 * changes; otherwise each question is answered as {@link FlagLedger} does. Any number of threads may use it.
 */
public final class FlagHandle {
    private final String key;
    private final Views views;
    private final Answers answers;
    // Read and written without a lock: whichever thread wins, what it wrote is right for the view it names.
    private volatile Resolved resolved;

    FlagHandle(String key, Views views, Answers answers) {
        this.key = key;
        this.views = views;
        this.answers = answers;
        this.resolved = resolve(views.served());
    }

    public String key() {
        return key;
    }

    /** Whether the subject has access; false for an unknown flag. */
    public boolean isOpen(Subject subject) {
        Resolved now = resolved();
        return answers.isOpen(key, now.view, now.flag, subject);
    }

    /** The answer with everything that led to it. */
    public Decision decide(Subject subject) {
        return answers.decide(key, subject);
    }

    /** The value of a BOOLEAN flag for the subject, or the default. */
    public boolean booleanValue(Subject subject, boolean otherwise) {
        Resolved now = resolved();
        return answers.booleanValue(key, now.view, now.flag, subject, otherwise);
    }

    /** The same with everything that led to it. */
    public ValueDetails<Boolean> booleanDetails(Subject subject, boolean otherwise) {
        return answers.details(Kind.BOOLEAN, key, subject, otherwise);
    }

    /** The value of a STRING flag for the subject, or the default. */
    public String stringValue(Subject subject, String otherwise) {
        Resolved now = resolved();
        return answers.stringValue(key, now.view, now.flag, subject, otherwise);
    }

    /** The same with everything that led to it. */
    public ValueDetails<String> stringDetails(Subject subject, String otherwise) {
        return answers.details(Kind.STRING, key, subject, otherwise);
    }

    /** The value of an INTEGER flag for the subject, or the default, as well where an int can't hold the value. */
    public int intValue(Subject subject, int otherwise) {
        Resolved now = resolved();
        return answers.intValue(key, now.view, now.flag, subject, otherwise);
    }

    /** The same with everything that led to it. */
    public ValueDetails<Integer> intDetails(Subject subject, int otherwise) {
        return answers.details(Kind.INT, key, subject, otherwise);
    }

    /** The value of an INTEGER flag for the subject, or the default. */
    public long longValue(Subject subject, long otherwise) {
        Resolved now = resolved();
        return answers.longValue(key, now.view, now.flag, subject, otherwise);
    }

    /** The same with everything that led to it. */
    public ValueDetails<Long> longDetails(Subject subject, long otherwise) {
        return answers.details(Kind.LONG, key, subject, otherwise);
    }

    /** The value of a DOUBLE flag for the subject, or the default. */
    public double doubleValue(Subject subject, double otherwise) {
        Resolved now = resolved();
        return answers.doubleValue(key, now.view, now.flag, subject, otherwise);
    }

    /** The same with everything that led to it. */
    public ValueDetails<Double> doubleDetails(Subject subject, double otherwise) {
        return answers.details(Kind.DOUBLE, key, subject, otherwise);
    }

    /** The value of an OBJECT flag for the subject, as JSON, or the default. */
    public String objectValue(Subject subject, String otherwise) {
        Resolved now = resolved();
        return answers.objectValue(key, now.view, now.flag, subject, otherwise);
    }

    /** The same with everything that led to it. */
    public ValueDetails<String> objectDetails(Subject subject, String otherwise) {
        return answers.details(Kind.OBJECT, key, subject, otherwise);
    }

    private Resolved resolved() {
        CompiledEnvironment current = views.served();
        Resolved known = resolved;
        if (known.view != current) {
            known = resolve(current);
            resolved = known;
        }
        return known;
    }

    private Resolved resolve(CompiledEnvironment view) {
        return new Resolved(view, view.flag(key));
    }

    private record Resolved(
            CompiledEnvironment view, @Nullable CompiledFlag flag) {}
}
