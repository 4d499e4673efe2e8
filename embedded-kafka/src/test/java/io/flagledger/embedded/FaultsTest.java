package io.flagledger.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class FaultsTest {
    private final Faults faults = new Faults();
    private final CountDownLatch told = new CountDownLatch(1);

    @Test
    void aFatalFaultIsToldAndKept() throws Exception {
        faults.onFatal(told::countDown);
        faults.build("raft", true, () -> {}).handleFault("cannot go on", new IllegalStateException("disk of sand"));
        assertThat(told.await(10, TimeUnit.SECONDS)).isTrue();
        assertThatThrownBy(faults::throwIfFatal).hasMessage("disk of sand");
    }

    @Test
    void anyOtherFaultIsOnlyLogged() {
        faults.onFatal(told::countDown);
        faults.build("publishing", false, () -> {}).handleFault("a pity");
        assertThatCode(faults::throwIfFatal).doesNotThrowAnyException();
        assertThat(told.getCount()).isEqualTo(1);
    }
}
