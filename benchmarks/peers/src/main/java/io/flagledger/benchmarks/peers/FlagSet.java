package io.flagledger.benchmarks.peers;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** The one flag set every peer loads, and the one population of contexts every peer is asked about. */
public final class FlagSet {
    public enum Kind {
        PLAIN,
        ALLOW,
        PCT,
        CHAIN
    }

    /** A flag in the peer-neutral form. allow: user ids; percent: keyed on org id; prereq: key of a boolean flag that must be on. */
    public record Flag(String key, Kind kind, boolean on, List<String> allow, int percent, String prereq) {}

    public static final String PLAIN = "checkout.express-pay.enabled";
    public static final String ALLOW = "billing.new-invoice.allowlist";
    public static final String PCT = "search.vector-rank.rollout";
    public static final String PREREQ = "platform.new-shell.enabled";
    public static final String OFF = "platform.old-shell.enabled";
    public static final String CHAIN = "reports.live-export.release";
    public static final String CHAIN_OFF = "reports.dead-export.release"; // same rules, but its prerequisite is off

    public static final int CONTEXTS = 1024;
    public static final int LIST = 1000;

    public final List<Flag> flags = new ArrayList<>();
    public final String[] plainKeys; // every plain filler flag, shuffled: the rotating-key benchmark walks these
    public final String[] listed = new String[LIST]; // the 1,000 allowed users
    public final String[] hitUser = new String[CONTEXTS];
    public final String[] missUser = new String[CONTEXTS];
    public final String[] org = new String[CONTEXTS];

    /** A String sharing nothing with s, as a parser would have made it. */
    public static String copy(String s) {
        return new String(s.toCharArray());
    }

    private static String id(SplittableRandom r, String prefix) {
        StringBuilder b = new StringBuilder(24).append(prefix);
        while (b.length() < 24) b.append("0123456789abcdefghijklmnopqrstuv".charAt(r.nextInt(32)));
        return b.toString();
    }

    public FlagSet(int n) {
        SplittableRandom r = new SplittableRandom(20261122);
        for (int i = 0; i < LIST; i++) listed[i] = id(r, "usr_");
        for (int i = 0; i < CONTEXTS; i++) {
            hitUser[i] = listed[i % LIST];
            missUser[i] = id(r, "usr_");
            org[i] = id(r, "org_");
        }
        List<String> l = List.of(listed);
        flags.add(new Flag(PLAIN, Kind.PLAIN, true, List.of(), 0, null));
        flags.add(new Flag(PREREQ, Kind.PLAIN, true, List.of(), 0, null));
        flags.add(new Flag(OFF, Kind.PLAIN, false, List.of(), 0, null));
        flags.add(new Flag(ALLOW, Kind.ALLOW, true, l, 0, null));
        flags.add(new Flag(PCT, Kind.PCT, true, List.of(), 25, null));
        flags.add(new Flag(CHAIN, Kind.CHAIN, true, l, 25, PREREQ));
        flags.add(new Flag(CHAIN_OFF, Kind.CHAIN, true, l, 25, OFF));
        List<String> plain = new ArrayList<>();
        for (int i = 0; flags.size() < n; i++) {
            String key = String.format("team-%02d.feature-%05d.enabled", i % 37, i);
            int m = i % 20;
            if (m < 8) { // 40 %
                flags.add(new Flag(key, Kind.PLAIN, true, List.of(), 0, null));
                plain.add(key);
            } else if (m < 14) { // 30 %
                flags.add(new Flag(key, Kind.PCT, true, List.of(), 25, null));
            } else { // 15 % short allowlist, 15 % chain with a short allowlist
                List<String> ten = new ArrayList<>();
                for (int k = 0; k < 10; k++) ten.add(id(r, "usr_"));
                flags.add(
                        m < 17
                                ? new Flag(key, Kind.ALLOW, true, ten, 0, null)
                                : new Flag(key, Kind.CHAIN, true, ten, 25, plain.get(r.nextInt(plain.size()))));
            }
        }
        String[] p = plain.stream().map(FlagSet::copy).toArray(String[]::new); // never the instance a map holds
        for (int i = p.length - 1; i > 0; i--) {
            int j = r.nextInt(i + 1);
            String t = p[i];
            p[i] = p[j];
            p[j] = t;
        }
        plainKeys = p;
    }
}
