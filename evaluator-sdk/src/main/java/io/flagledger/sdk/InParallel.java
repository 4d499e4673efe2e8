package io.flagledger.sdk;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** Work on many things at once at a start, when nothing else can be done before it is over. */
final class InParallel {
    /** Below, sharing the work out takes longer than it saves. */
    private static final int WORTHWHILE = 500;

    private InParallel() {}

    /** What the function makes of each, in the same order. */
    static <T, R> List<R> map(List<T> all, Function<T, R> function) {
        Stream<T> stream = all.size() < WORTHWHILE ? all.stream() : all.parallelStream();
        return stream.map(function).toList();
    }
}
