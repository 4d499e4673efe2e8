package io.flagledger.server.flagd;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One provider's stream. It holds at most what it is being sent and a reference to what is newest: who reads slowly gets
 * fewer sets of flags, never old ones, and who does not read at all is dropped. Any number of threads may use it.
 */
final class SyncStream {
    private final ServerCallStreamObserver<SyncResponse> observer;
    private final Instant expiry;
    private @Nullable SyncResponse newest;
    private @Nullable SyncResponse sent;
    private long busySince;
    private boolean ended;

    /** @param expiry when the caller's token ends, and the stream with it */
    SyncStream(ServerCallStreamObserver<SyncResponse> observer, Instant expiry) {
        this.observer = observer;
        this.expiry = expiry;
        observer.setOnReadyHandler(this::send);
    }

    /** Sends the flags, now or, if the client still reads, when it has read. */
    synchronized void offer(SyncResponse flags) {
        newest = flags;
        send();
    }

    @SuppressWarnings("ReferenceEquality") // each set of flags is one object
    private synchronized void send() {
        if (ended || newest == null || newest == sent || !observer.isReady()) {
            return;
        }
        sent = newest;
        busySince = System.nanoTime();
        observer.onNext(newest);
    }

    /**
     * Ends it if the client has not read for so long what it was sent, or may no longer be sent anything.
     *
     * @return why it was ended; null if it was not
     */
    synchronized @Nullable Status endIfDue(Instant now, Duration longest) {
        if (ended) {
            return null;
        }
        Status why = null;
        if (!now.isBefore(expiry)) {
            why = Status.UNAUTHENTICATED.withDescription(
                    "the token of this stream has ended: subscribe with a new one");
        } else if (!observer.isReady() && System.nanoTime() - busySince > longest.toNanos()) {
            why = Status.RESOURCE_EXHAUSTED.withDescription(
                    "the flags that were sent have not been read for %d s: subscribe again to have them as they are"
                            .formatted(longest.toSeconds()));
        }
        if (why != null) {
            end(why);
        }
        return why;
    }

    synchronized void end(Status why) {
        if (!ended) {
            ended = true;
            observer.onError(why.asException());
        }
    }

    /** The client has left. */
    synchronized void left() {
        ended = true;
    }
}
