package io.flagledger.server.flagd;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import org.jspecify.annotations.Nullable;

/**
 * One provider's stream. It holds at most what it is being sent and a reference to what is newest: who reads slowly gets
 * fewer sets of flags, never old ones, and who does not read at all is dropped. Any number of threads may use it.
 */
final class SyncStream {
    private final ServerCallStreamObserver<SyncResponse> observer;
    private @Nullable SyncResponse newest;
    private @Nullable SyncResponse sent;
    private long busySince;
    private boolean ended;

    SyncStream(ServerCallStreamObserver<SyncResponse> observer) {
        this.observer = observer;
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

    /** Ends it if the client has not read what it was sent for so long. */
    synchronized boolean dropIfStuck(long longestNanos) {
        if (ended || observer.isReady() || System.nanoTime() - busySince < longestNanos) {
            return false;
        }
        end(Status.RESOURCE_EXHAUSTED.withDescription(
                "the flags that were sent have not been read for %d s: subscribe again to have them as they are"
                        .formatted(longestNanos / 1_000_000_000)));
        return true;
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
