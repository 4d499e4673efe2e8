package io.flagledger.sdk;

import io.flagledger.core.codec.EventCodec;
import io.flagledger.core.evaluate.Decision;
import io.flagledger.core.evaluate.EvaluatorContract;
import io.flagledger.core.evaluate.Subject;
import io.flagledger.core.event.Recorded;
import io.flagledger.embedded.junit.KafkaExtension;
import io.flagledger.embedded.junit.KafkaForTest;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(KafkaExtension.class)
final class FlagLedgerContractTest extends EvaluatorContract {
    private KafkaForTest broker;
    private int ledgers;
    private @Nullable RawLedger ledger;
    private @Nullable List<Recorded> told;

    @BeforeEach
    void open(KafkaForTest given) {
        broker = given;
    }

    @AfterEach
    void close() {
        if (ledger != null) {
            ledger.close();
        }
    }

    @Override
    protected Decision decide(List<Recorded> history, String flag, Subject subject) {
        RawLedger current = ledger;
        if (current == null || !history.equals(told)) {
            close();
            ledgers++;
            current = new RawLedger(broker.bootstrapServers(), broker.topicPrefix() + ledgers, "gastown-test");
            ledger = current;
            told = history;
            for (Recorded recorded : history) {
                current.send(
                        EventCodec.key("gastown-test", recorded.event().sequence()),
                        EventCodec.encode(recorded.event(), recorded.previousDigest())
                                .value());
            }
        }
        return current.at(history.size()).decide(flag, subject);
    }

    @Override
    protected int randomHistories() {
        return 15;
    }
}
