package io.flagledger.sdk.gate;

import io.flagledger.core.evaluate.Subject;
import io.flagledger.sdk.FlagHandle;
import io.flagledger.sdk.FlagLedger;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Puts a gate before each method of an interface that asks for one by {@link GatedBy}. */
public final class GatedProxy {
    private GatedProxy() {}

    /**
     * The same service behind its gates. A gated method throws {@link GateClosedException} to whoever has no access; what
     * the service itself throws comes through as it is.
     *
     * @param type an interface of which something is gated
     * @param caller tells who calls, in each call: from a security context or a thread's own request
     * @throws IllegalArgumentException if it is no interface, or nothing of it is gated
     */
    public static <T> T of(Class<T> type, T service, FlagLedger flags, Supplier<Subject> caller) {
        Map<Method, FlagHandle> gates = new HashMap<>();
        for (Method method : type.getMethods()) {
            GatedBy gate = method.isAnnotationPresent(GatedBy.class)
                    ? method.getAnnotation(GatedBy.class)
                    : type.getAnnotation(GatedBy.class);
            if (gate != null) {
                gates.put(method, flags.handle(gate.value()));
            }
        }
        if (!type.isInterface() || gates.isEmpty()) {
            throw new IllegalArgumentException(
                    "%s must be an interface with @GatedBy on it or on a method of it".formatted(type.getName()));
        }
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    FlagHandle gate = gates.get(method);
                    if (gate != null) {
                        Gate.check(gate, caller.get());
                    }
                    return method.getName().equals("equals") && method.getDeclaringClass() == Object.class
                            ? (Object) (proxy == arguments[0])
                            : invoke(method, service, arguments);
                }));
    }

    private static @Nullable Object invoke(Method method, Object service, Object @Nullable [] arguments)
            throws Throwable {
        try {
            return method.invoke(service, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }
}
