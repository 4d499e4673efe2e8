package io.flagledger.core.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChangeIdsTest {
    private final ChangeIds ids = new ChangeIds();

    @Test
    void findsAllThatWerePutIn() {
        for (int i = 0; i < 10_000; i++) {
            ids.put("environment-" + i % 3, "click-" + i, i);
        }
        for (int i = 0; i < 10_000; i++) {
            long offset = i;
            assertThat(ids.find("environment-" + i % 3, "click-" + i, found -> found == offset))
                    .isEqualTo(offset);
        }
    }

    @Test
    void doesNotEvenTakeALookForAStrangeId() {
        for (int i = 0; i < 10_000; i++) {
            ids.put("gastown", "click-" + i, i);
        }
        List<Long> looks = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            assertThat(ids.find("gastown", "other-" + i, looks::add)).isEqualTo(-1);
        }
        assertThat(looks).isEmpty();
    }

    @Test
    void anEntryThatIsAnothersAfterAllIsPassedOver() {
        ids.put("gastown", "click", 3);
        ids.put("gastown", "click", 7);
        assertThat(ids.find("gastown", "click", offset -> offset == 7)).isEqualTo(7);
        assertThat(ids.find("gastown", "click", offset -> false)).isEqualTo(-1);
    }
}
