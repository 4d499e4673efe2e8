package io.flagledger.embedded;

import java.util.concurrent.CompletableFuture;
import kafka.server.FaultHandlerFactory;
import org.apache.kafka.server.fault.FaultHandler;
import org.apache.kafka.server.fault.LoggingFaultHandler;
import org.jspecify.annotations.Nullable;

/** Remembers the first fatal fault of a broker. Kafka's own handler would end the JVM, which is not ours to end. */
final class Faults implements FaultHandlerFactory {
    private final CompletableFuture<Throwable> fatal = new CompletableFuture<>();

    @Override
    public FaultHandler build(String name, boolean isFatal, Runnable action) {
        FaultHandler logging = new LoggingFaultHandler(name, action);
        return isFatal ? new Remembering(logging) : logging;
    }

    boolean areFatal() {
        return fatal.isDone();
    }

    /** Runs the action, on a new thread as the one that met the fault may be waited for. */
    void onFatal(Runnable action) {
        var unused = fatal.thenRunAsync(action, task -> new Thread(task, "embedded-kafka-fault").start());
    }

    void throwIfFatal() {
        if (areFatal()) {
            Throwable cause = fatal.join();
            throw new IllegalStateException(cause.getMessage(), cause);
        }
    }

    private final class Remembering implements FaultHandler {
        private final FaultHandler logging;

        Remembering(FaultHandler logging) {
            this.logging = logging;
        }

        @Override
        public RuntimeException handleFault(String message, @Nullable Throwable cause) {
            RuntimeException fault = logging.handleFault(message, cause);
            fatal.complete(cause == null ? fault : cause);
            return fault;
        }
    }
}
