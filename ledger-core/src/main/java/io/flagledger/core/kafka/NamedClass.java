package io.flagledger.core.kafka;

import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/** An object of a class that a property names. Made when it is first needed, used by one thread at a time. */
final class NamedClass<T> {
    private final String property;
    private final Class<? extends T> type;
    private final Map<String, String> properties;
    private final Setup<T> setup;
    private @Nullable T object;

    /**
     * @throws IllegalArgumentException if there is no such class, or it is of another kind
     */
    @SuppressWarnings("unchecked") // of its type arguments the class says nothing: what it takes and gives is looked at
    NamedClass(
            String property, String className, Class<? super T> kind, Map<String, String> properties, Setup<T> setup) {
        this.property = property;
        this.properties = properties;
        this.setup = setup;
        try {
            this.type = (Class<? extends T>) Utils.loadClass(className, kind);
        } catch (ClassNotFoundException e) {
            throw new IllegalArgumentException(
                    "%s names the class %s, which is not on the class path".formatted(property, className), e);
        } catch (ClassCastException e) {
            throw new IllegalArgumentException(
                    "%s names the class %s, which is no %s".formatted(property, className, kind.getName()), e);
        }
    }

    /**
     * Does something with the object.
     *
     * @throws KafkaUnavailableException whatever goes wrong in it: from outside, a registry that is away can't be told from
     *     anything else
     */
    synchronized <R> R use(String what, Function<T, R> does) {
        long started = System.nanoTime();
        try {
            return does.apply(ready());
        } catch (KafkaUnavailableException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new KafkaUnavailableException(tried(what), Duration.ofNanos(System.nanoTime() - started), deepest(e));
        }
    }

    /** That it does what it may not do. */
    KafkaUnavailableException useless(String what, Throwable cause) {
        return KafkaUnavailableException.refused(tried(what), "Flag Ledger", cause);
    }

    synchronized void close(Consumer<T> end) {
        T made = object;
        object = null;
        if (made != null) {
            end.accept(made);
        }
    }

    private T ready() {
        T made = object;
        if (made == null) {
            made = Utils.newInstance(type);
            setup.configure(made, properties, false);
            object = made;
        }
        return made;
    }

    private String tried(String what) {
        return "%s through %s=%s".formatted(what, property, type.getName());
    }

    private static Throwable deepest(Throwable thrown) {
        Throwable deepest = thrown;
        while (deepest.getCause() != null) {
            deepest = deepest.getCause();
        }
        return deepest;
    }

    /** How the object is told the properties. */
    interface Setup<T> {
        void configure(T object, Map<String, ?> properties, boolean isKey);
    }
}
