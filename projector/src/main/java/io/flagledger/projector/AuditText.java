package io.flagledger.projector;

import io.flagledger.core.event.Event;
import io.flagledger.core.event.Recorded;
import io.flagledger.core.json.LedgerJson;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Words that are looked for in events: in the flag's key, who did it and for whom, the reason, the kind, the change as JSON,
 * the change's id and the digest. All must be found, in any order; case does not matter.
 */
final class AuditText {
    private final List<String> words;

    AuditText(@Nullable String text) {
        this.words = text == null
                ? List.of()
                : Stream.of(folded(text).split("\\s+"))
                        .filter(word -> !word.isEmpty())
                        .toList();
    }

    /** Whether every event has them, since there are none. */
    boolean isEmpty() {
        return words.isEmpty();
    }

    boolean isIn(Recorded recorded) {
        if (words.isEmpty()) {
            return true;
        }
        Event event = recorded.event();
        String all = folded(String.join(
                "\n",
                event.flag(),
                event.actor().id(),
                Objects.requireNonNullElse(event.actor().onBehalfOf(), ""),
                event.reason(),
                LedgerJson.kind(event.change()),
                LedgerJson.print(LedgerJson.change(event.change())),
                event.changeId(),
                recorded.digest().toString()));
        return words.stream().allMatch(all::contains);
    }

    private static String folded(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
