package io.flagledger.core.kafka;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How an append is to be done.
 *
 * @param changeId names the intent, so that a retry is known as one; null makes one up
 * @param expectedRevision refuse if the flag is at another revision; null accepts any
 * @param timeout how long the caller waits at most
 */
public record AppendOptions(
        @Nullable String changeId, @Nullable Long expectedRevision, Duration timeout) {
    public static final AppendOptions DEFAULT = new AppendOptions(null, null, Duration.ofSeconds(15));

    public AppendOptions withChangeId(@Nullable String id) {
        return new AppendOptions(id, expectedRevision, timeout);
    }

    public AppendOptions withExpectedRevision(@Nullable Long revision) {
        return new AppendOptions(changeId, revision, timeout);
    }

    public AppendOptions withTimeout(Duration longest) {
        return new AppendOptions(changeId, expectedRevision, longest);
    }
}
