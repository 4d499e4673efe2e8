package io.flagledger.benchmarks.peers;

/** Every claim the figures rest on. Throws if the peer gives one wrong answer. */
final class Verifier {
    private Verifier() {}

    private static void must(boolean ok, String what) {
        if (!ok) throw new IllegalStateException("WRONG ANSWER: " + what);
    }

    public static String verify(Peer p, FlagSet s) {
        int n = FlagSet.CONTEXTS;
        int pct = 0;
        int chain = 0;
        for (int i = 0; i < n; i++) {
            Object hit = p.ctx(s.hitUser[i], s.org[i], false);
            Object miss = p.ctx(s.missUser[i], s.org[i], false);
            Object admin = p.ctx(s.missUser[i], s.org[i], true);
            must(p.eval(FlagSet.PLAIN, miss), "plain flag is on");
            must(!p.eval(FlagSet.OFF, miss), "plain flag is off");
            must(p.eval(FlagSet.ALLOW, hit), "allowlist hit " + i);
            must(!p.eval(FlagSet.ALLOW, miss), "allowlist miss " + i);

            boolean a = p.eval(FlagSet.PCT, miss);
            must(a == p.eval(FlagSet.PCT, miss), "rollout is sticky");
            must(a == p.eval(FlagSet.PCT, hit), "rollout is keyed on the org, not the user");
            if (a) pct++;

            must(p.chain(FlagSet.CHAIN, admin), "chain: admin is in");
            must(p.chain(FlagSet.CHAIN, hit), "chain: listed user is in");
            boolean c = p.chain(FlagSet.CHAIN, miss);
            must(
                    c == p.chain(FlagSet.CHAIN, p.ctx(s.missUser[(i + 7) % n], s.org[i], false)),
                    "chain rollout is keyed on the org");
            if (c) chain++;
            must(!p.chain(FlagSet.CHAIN_OFF, admin), "chain: prerequisite off beats admin");
            must(!p.chain(FlagSet.CHAIN_OFF, hit), "chain: prerequisite off beats the list");
            must(!p.chain(FlagSet.CHAIN_OFF, miss), "chain: prerequisite off beats the rollout");
        }
        // 25 % of 1,024 with sd 1.35 points: 4 sd either way
        must(pct > n * 0.195 && pct < n * 0.305, "rollout share " + pct + "/" + n);
        must(chain > n * 0.195 && chain < n * 0.305, "chain rollout share " + chain + "/" + n);
        Object one = p.ctx(s.missUser[0], s.org[0], false);
        for (String k : s.plainKeys) must(p.eval(k, one), "filler flag " + k);
        return "pct " + pct + "/1024, chain " + chain + "/1024, fillers " + s.plainKeys.length;
    }
}
