package io.flagledger.sdk.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.flagledger.core.evaluate.Subject;
import io.flagledger.core.event.Change.FlagCreated;
import io.flagledger.core.event.Change.KillSwitchEngaged;
import io.flagledger.core.event.Change.KillSwitchReleased;
import io.flagledger.core.event.Change.StageMoved;
import io.flagledger.core.event.KillSwitch;
import io.flagledger.core.event.Stage;
import io.flagledger.embedded.junit.KafkaExtension;
import io.flagledger.embedded.junit.KafkaForTest;
import io.flagledger.sdk.FlagLedger;
import io.flagledger.sdk.FlagLedgerConfig;
import io.flagledger.sdk.RunningLedger;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(KafkaExtension.class)
class FollowedAdmissionTest {
    private static final Subject ADA = Subject.user("ada").org("acme");

    @Test
    void aWorkerChecksATokenByItselfAndAsksItsOwnFlagsWhetherItGoesOn(KafkaForTest broker) throws Exception {
        try (RunningLedger ledger = new RunningLedger(broker, "ledger")) {
            ledger.append(List.of(
                    FlagCreated.bool("gastown"),
                    StageMoved.to("gastown", Stage.GENERALLY_AVAILABLE).skipping()));
            try (FlagLedger api = ledger.connect();
                    FlagLedger worker = ledger.connect()) {
                AdmissionKeys keys = AdmissionKeys.generate();
                String token = AdmissionTokens.of(keys, "api", "workers", RunningLedger.ENVIRONMENT)
                        .sign(api.admit("gastown", ADA).orElseThrow());

                Admission admission = AdmissionTokens.of(
                                AdmissionKeys.fromJwks(keys.toPublicJwks()),
                                "api",
                                "workers",
                                RunningLedger.ENVIRONMENT)
                        .withLedger(worker.ledgerId().orElseThrow())
                        .verify(token);
                assertThat(worker.continues(admission)).isTrue();

                ledger.append(new KillSwitchEngaged("gastown", KillSwitch.NEW_ACCESS), api, worker);
                assertThat(api.admit("gastown", ADA)).isEmpty();
                assertThat(worker.continues(admission)).isTrue();

                ledger.append(
                        List.of(
                                new KillSwitchReleased("gastown"),
                                new KillSwitchEngaged("gastown", KillSwitch.ALL_ACCESS)),
                        worker);
                assertThat(worker.standing(admission)).isEqualTo(Standing.KILLED);
                assertThat(worker.continues(admission)).isFalse();
            }
        }
    }

    @Test
    void anAdmissionOfATopicOfAnotherIdIsForeign(KafkaForTest broker) throws Exception {
        try (RunningLedger ledger = new RunningLedger(broker, "ledger");
                RunningLedger other = new RunningLedger(broker, "other")) {
            for (RunningLedger each : List.of(ledger, other)) {
                each.append(List.of(
                        FlagCreated.bool("gastown"),
                        StageMoved.to("gastown", Stage.GENERALLY_AVAILABLE).skipping()));
            }
            try (FlagLedger here = ledger.connect();
                    FlagLedger there = other.connect()) {
                Admission admission = here.admit("gastown", ADA).orElseThrow();
                assertThat(here.standing(admission)).isEqualTo(Standing.CONTINUES);
                assertThat(there.standing(admission)).isEqualTo(Standing.FOREIGN);
            }
        }
    }

    @Test
    void whoKnowsNothingYetAdmitsNobodyAndEndsNothing(KafkaForTest broker) throws Exception {
        try (RunningLedger ledger = new RunningLedger(broker, "ledger");
                FlagLedger starting =
                        FlagLedger.connect(FlagLedgerConfig.of("127.0.0.1:1", RunningLedger.ENVIRONMENT))) {
            ledger.append(FlagCreated.bool("gastown"));
            try (FlagLedger known = ledger.connect()) {
                Admission admission = known.admit("gastown", ADA.asAdmin()).orElseThrow();
                assertThat(starting.ledgerId()).isEmpty();
                assertThat(starting.admit("gastown", ADA.asAdmin())).isEmpty();
                assertThat(starting.standing(admission)).isEqualTo(Standing.AHEAD);
                assertThat(starting.continues(admission)).isTrue();
            }
        }
    }
}
