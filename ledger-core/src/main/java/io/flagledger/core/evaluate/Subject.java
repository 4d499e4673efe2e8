package io.flagledger.core.evaluate;

import org.jspecify.annotations.Nullable;

/**
 * Who asks for access. Make one for a request and use it for every flag. An empty id is no id; ids are compared exactly.
 *
 * @param user the user's id; null where nobody is known
 * @param org the id of the org for which the user acts; null where there is none
 * @param admin whether the subject is an administrator of the product
 */
public record Subject(@Nullable String user, @Nullable String org, boolean admin) {
    private static final Subject ANONYMOUS = new Subject(null, null, false);

    public Subject {
        user = user == null || user.isEmpty() ? null : user;
        org = org == null || org.isEmpty() ? null : org;
    }

    /** Nobody in particular. */
    public static Subject anonymous() {
        return ANONYMOUS;
    }

    /** A user, with no org so far. */
    public static Subject user(@Nullable String id) {
        return new Subject(id, null, false);
    }

    /** The same subject, acting for this org. */
    public Subject org(@Nullable String id) {
        return new Subject(user, id, admin);
    }

    /** The same subject as an administrator. */
    public Subject asAdmin() {
        return new Subject(user, org, true);
    }
}
