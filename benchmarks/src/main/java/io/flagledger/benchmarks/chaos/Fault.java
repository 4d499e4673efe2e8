package io.flagledger.benchmarks.chaos;

import java.util.List;

/** Something that is done to members, and ended. */
interface Fault {
    /** What is done. */
    enum Kind {
        /** {@code kill -9}, and a start some time later. */
        KILL,
        /** {@code SIGSTOP}, and {@code SIGCONT}. */
        PAUSE,
        /** The wire of its network namespace is pulled: what is sent vanishes. */
        CUT,
        /** A broker's disk is filled to the last byte; then there is room again, and the broker is started if it has ended, or killed and started. */
        FULL_DISK,
        /** The clock of a process jumps, ahead or back, and back again. */
        CLOCK
    }

    /**
     * One fault, by the machine's clock.
     *
     * @param from when it was there for certain
     * @param to up to when
     * @param over when it was gone for certain; what was killed has been started by then, a broker is ready
     */
    record Spell(Kind kind, List<Member> whom, long from, long to, long over) {
        boolean isOf(Member.Role role) {
            return whom.get(0).role() == role;
        }

        boolean isOf(Member.Role role, int number) {
            return whom.stream().anyMatch(member -> member.role() == role && member.number() == number);
        }
    }

    Kind kind();

    List<Member> whom();

    void begin() throws Exception;

    void end() throws Exception;
}
