package io.flagledger.core.evaluate;

import io.flagledger.core.event.Allowlist;
import io.flagledger.core.event.UserEntry;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An allowlist made ready for lookups: who is let in, and by which entry. */
final class Admitted {
    static final Admitted NOBODY = new Admitted(Allowlist.EMPTY);

    private final Allowlist source;
    private final @Nullable Map<String, Decision.Entry> users; // null where empty: nothing then looks at an id
    private final @Nullable Map<String, Decision.Entry> orgs;

    private Admitted(Allowlist source) {
        this.source = source;
        Map<String, Decision.Entry> byUser = new HashMap<>();
        Map<String, Decision.Entry> byOrg = new HashMap<>();
        source.orgs().forEach(org -> byOrg.put(org, Decision.Entry.ofOrg(org)));
        for (UserEntry user : source.users().values()) {
            Decision.Entry entry = Decision.Entry.of(user);
            byUser.put(user.id(), entry);
            if (user.org() != null) {
                byOrg.putIfAbsent(user.org(), entry);
            }
        }
        // Never written again; Map.copyOf finds its place by a division, which costs what the rest does.
        users = byUser.isEmpty() ? null : byUser;
        orgs = byOrg.isEmpty() ? null : byOrg;
    }

    /** Prepares the list, or takes over what was prepared before if the list is still the same one. */
    @SuppressWarnings(
            "ReferenceEquality") // the fold keeps a list that did not change; comparing 10 000 entries would cost what
    // this saves
    static Admitted by(Allowlist list, @Nullable Admitted before) {
        if (list.isEmpty()) {
            return NOBODY;
        }
        return before != null && before.source == list ? before : new Admitted(list);
    }

    boolean contains(Subject subject) {
        return holds(users, subject.user()) || holds(orgs, subject.org());
    }

    /** The entry that lets the subject in: the user's own before the org's; null if there is none. */
    Decision.@Nullable Entry entry(Subject subject) {
        Decision.Entry own = entry(users, subject.user());
        return own != null ? own : entry(orgs, subject.org());
    }

    private static boolean holds(@Nullable Map<String, Decision.Entry> entries, @Nullable String id) {
        return entries != null && id != null && entries.containsKey(id);
    }

    private static Decision.@Nullable Entry entry(@Nullable Map<String, Decision.Entry> entries, @Nullable String id) {
        return entries == null || id == null ? null : entries.get(id);
    }
}
