package io.flagledger.benchmarks.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Draws faults, none for a member that has one. Any number of threads may draw. */
final class FaultBox {
    private static final Duration START = Duration.ofMinutes(2);
    private static final long TICK_NANOS = 50_000_000;
    private static final List<String> JUMPS = List.of("+3600", "-3600", "+90", "-86400", "+31536000");

    private final List<Member> members;
    private final Map<Integer, SmallDisk> disks;
    private final Map<Integer, Path> clocks;
    private final Set<Member> taken = new HashSet<>();

    /**
     * @param disks of brokers, by their number
     * @param clocks files that say how wrong the clock of a writers' process is, by its number
     */
    FaultBox(List<Member> members, Map<Integer, SmallDisk> disks, Map<Integer, Path> clocks) {
        this.members = members;
        this.disks = disks;
        this.clocks = clocks;
    }

    /** The next one; null if somebody whom it would meet has trouble already. To be given back. */
    synchronized @Nullable Fault draw(Random random) {
        Fault drawn = fault(random);
        if (drawn == null || drawn.whom().stream().anyMatch(taken::contains)) {
            return null;
        }
        taken.addAll(drawn.whom());
        return drawn;
    }

    synchronized void giveBack(Fault fault) {
        taken.removeAll(fault.whom());
    }

    private @Nullable Fault fault(Random random) {
        int die = random.nextInt(100);
        if (die < 35) {
            return new Kill(targets(random));
        }
        if (die < 60) {
            return new Pause(targets(random));
        }
        if (die < 82) {
            List<Member> whom = targets(random);
            return whom.get(0).plug().wire() == null ? null : new Cut(whom);
        }
        if (die < 90) {
            Member broker = one(random, Member.Role.BROKER);
            SmallDisk disk = disks.get(broker.number());
            return disk == null ? null : new FullDisk(broker, disk);
        }
        Member writers = one(random, Member.Role.WRITERS);
        Path clock = clocks.get(writers.number());
        return clock == null ? null : new Jump(writers, clock, JUMPS.get(random.nextInt(JUMPS.size())));
    }

    /** One of any kind, brokers more often than others; one time in ten all of a kind. */
    private List<Member> targets(Random random) {
        int die = random.nextInt(100);
        Member.Role role = die < 35
                ? Member.Role.BROKER
                : die < 50
                        ? Member.Role.PROJECTOR
                        : die < 65 ? Member.Role.SERVER : die < 83 ? Member.Role.EVALUATORS : Member.Role.WRITERS;
        return random.nextInt(10) == 0 ? all(role) : List.of(one(random, role));
    }

    private List<Member> all(Member.Role role) {
        return members.stream().filter(member -> member.role() == role).toList();
    }

    private Member one(Random random, Member.Role role) {
        List<Member> all = all(role);
        return all.get(random.nextInt(all.size()));
    }

    /** Starts it, and if it is a broker waits until Kafka says that it is there. */
    private static void startAll(List<Member> whom) throws IOException {
        List<Long> before = new ArrayList<>();
        for (Member member : whom) {
            before.add(member.printed(QuorumBroker.READY));
            member.start();
        }
        long patience = System.nanoTime() + START.toNanos();
        for (int i = 0; i < whom.size(); i++) {
            while (whom.get(i).role() == Member.Role.BROKER
                    && whom.get(i).printed(QuorumBroker.READY) <= before.get(i)
                    && System.nanoTime() < patience) { // it may wait for others that are in trouble
                LockSupport.parkNanos(TICK_NANOS);
            }
        }
    }

    private record Kill(List<Member> whom) implements Fault {
        @Override
        public Kind kind() {
            return Kind.KILL;
        }

        @Override
        public void begin() {
            whom.forEach(Member::kill);
        }

        @Override
        public void end() throws IOException {
            startAll(whom);
        }
    }

    private record Pause(List<Member> whom) implements Fault {
        @Override
        public Kind kind() {
            return Kind.PAUSE;
        }

        @Override
        public void begin() throws Exception {
            for (Member member : whom) {
                member.stop();
            }
        }

        @Override
        public void end() throws Exception {
            for (Member member : whom) {
                member.resume();
            }
        }
    }

    private record Cut(List<Member> whom) implements Fault {
        @Override
        public Kind kind() {
            return Kind.CUT;
        }

        @Override
        public void begin() throws Exception {
            for (Member member : whom) {
                Wires.cut(member.plug());
            }
        }

        @Override
        public void end() throws Exception {
            for (Member member : whom) {
                Wires.mend(member.plug());
            }
        }
    }

    private record FullDisk(Member broker, SmallDisk disk) implements Fault {
        @Override
        public Kind kind() {
            return Kind.FULL_DISK;
        }

        @Override
        public List<Member> whom() {
            return List.of(broker);
        }

        @Override
        public void begin() throws IOException {
            broker.letEnd();
            disk.fill();
        }

        @Override
        public void end() throws IOException {
            broker.kill();
            disk.free();
            startAll(whom());
        }
    }

    private record Jump(Member writers, Path clock, String offset) implements Fault {
        @Override
        public Kind kind() {
            return Kind.CLOCK;
        }

        @Override
        public List<Member> whom() {
            return List.of(writers);
        }

        @Override
        public void begin() throws IOException {
            Files.writeString(clock, offset);
        }

        @Override
        public void end() throws IOException {
            Files.writeString(clock, "+0");
        }
    }
}
