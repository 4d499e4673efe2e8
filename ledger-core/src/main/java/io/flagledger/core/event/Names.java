package io.flagledger.core.event;

import java.util.regex.Pattern;

/** The forms that names may take. An id of a user, an org or an actor may hold any character. */
public final class Names {
    /** How an environment may be named, for messages to people. */
    public static final String ENVIRONMENT_FORM = "[a-z0-9][a-z0-9._-]{0,62}";

    /** How a flag may be named, for messages to people. */
    public static final String FLAG_KEY_FORM = "[a-z0-9][a-z0-9._-]{0,126}";

    /** How a variant may be named, for messages to people. */
    public static final String VARIANT_FORM = "[A-Za-z0-9._-]{1,64}";

    /** The most characters in the id of a user, an org or an actor. */
    public static final int MAX_ID_LENGTH = 256;

    private static final Pattern ENVIRONMENT = Pattern.compile(ENVIRONMENT_FORM);
    private static final Pattern FLAG_KEY = Pattern.compile(FLAG_KEY_FORM);
    private static final Pattern VARIANT = Pattern.compile(VARIANT_FORM);

    private Names() {}

    /** Returns whether an environment may be called this. */
    public static boolean isEnvironment(String name) {
        return ENVIRONMENT.matcher(name).matches();
    }

    /** Returns whether a flag may be called this. */
    public static boolean isFlagKey(String key) {
        return FLAG_KEY.matcher(key).matches();
    }

    /** Returns whether a variant may be called this. */
    public static boolean isVariant(String name) {
        return VARIANT.matcher(name).matches();
    }

    /**
     * Returns whether this can be the id of somebody: 1 to {@value #MAX_ID_LENGTH} characters that have a UTF-8 form,
     * so no half of a surrogate pair, since ids are hashed as UTF-8.
     */
    public static boolean isId(String id) {
        return !id.isEmpty() && id.length() <= MAX_ID_LENGTH && isWellFormed(id);
    }

    /** Returns whether the text has a UTF-8 form: no half of a surrogate pair stands alone. */
    public static boolean isWellFormed(String text) {
        return text.codePoints()
                .noneMatch(point -> point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE);
    }
}
