package io.flagledger.benchmarks.peers;

import java.util.List;

final class Json {
    private Json() {}

    static String list(List<String> ids) {
        StringBuilder b = new StringBuilder("[");
        for (String s : ids) {
            if (b.length() > 1) b.append(',');
            b.append('"').append(s).append('"');
        }
        return b.append(']').toString();
    }
}
