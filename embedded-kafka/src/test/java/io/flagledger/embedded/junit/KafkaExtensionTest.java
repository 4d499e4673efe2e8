package io.flagledger.embedded.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(KafkaExtension.class)
class KafkaExtensionTest {
    private static final Set<String> PREFIXES = ConcurrentHashMap.newKeySet();
    private static final Set<String> SERVERS = ConcurrentHashMap.newKeySet();

    private final KafkaForTest ofConstructor;
    private KafkaForTest ofSetUp;

    KafkaExtensionTest(KafkaForTest kafka) {
        ofConstructor = kafka;
        ofSetUp = kafka;
    }

    @BeforeEach
    void setUp(KafkaForTest kafka) {
        ofSetUp = kafka;
    }

    @RepeatedTest(3)
    void everyTestHasAFreshPrefixOnTheSameBroker(KafkaForTest kafka) {
        assertThat(PREFIXES.add(kafka.topicPrefix())).isTrue();
        SERVERS.add(kafka.bootstrapServers());
        assertThat(SERVERS).hasSize(1);
    }

    @Test
    void constructorSetUpAndTestSeeTheSame(KafkaForTest kafka) {
        assertThat(ofConstructor).isSameAs(kafka);
        assertThat(ofSetUp).isSameAs(kafka);
    }

    @Test
    void thePrefixStartsALegalTopicName(KafkaForTest kafka) throws Exception {
        String topic = kafka.topicPrefix() + "flags";
        kafka.admin()
                .createTopics(List.of(new NewTopic(topic, 1, (short) 1)))
                .all()
                .get();
        // Kafka has made it; that the broker asked next has heard of it by then is not promised.
        await().untilAsserted(() ->
                assertThat(kafka.admin().listTopics().names().get()).contains(topic));
    }
}
