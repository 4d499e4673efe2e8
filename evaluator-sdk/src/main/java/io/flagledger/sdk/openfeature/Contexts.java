package io.flagledger.sdk.openfeature;

import dev.openfeature.sdk.EvaluationContext;
import dev.openfeature.sdk.Value;
import dev.openfeature.sdk.exceptions.InvalidContextError;
import io.flagledger.core.evaluate.Subject;
import org.jspecify.annotations.Nullable;

/** Who asks, as OpenFeature says it: the targeting key is the user; {@code orgId} and {@code admin} are attributes. */
final class Contexts {
    private static final String ORG = "orgId";
    private static final String ADMIN = "admin";

    private Contexts() {}

    /**
     * The subject of a context; nobody in particular where there is none.
     *
     * @throws InvalidContextError if an attribute is of another type than expected, as nobody may be taken for an admin,
     *     or for no org's, by a slip
     */
    static Subject subject(@Nullable EvaluationContext context) {
        if (context == null) {
            return Subject.anonymous();
        }
        return new Subject(context.getTargetingKey(), org(context), admin(context));
    }

    private static @Nullable String org(EvaluationContext context) {
        Value value = context.getValue(ORG);
        if (value == null || value.isNull()) {
            return null;
        }
        if (!value.isString()) {
            throw new InvalidContextError("the context's '%s' must be a string".formatted(ORG));
        }
        return value.asString();
    }

    private static boolean admin(EvaluationContext context) {
        Value value = context.getValue(ADMIN);
        if (value == null || value.isNull()) {
            return false;
        }
        if (!value.isBoolean()) {
            throw new InvalidContextError("the context's '%s' must be a boolean".formatted(ADMIN));
        }
        return value.asBoolean();
    }
}
