package io.flagledger.sdk.openfeature.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openfeature.sdk.Client;
import dev.openfeature.sdk.ImmutableContext;
import dev.openfeature.sdk.OpenFeatureAPI;
import dev.openfeature.sdk.Value;
import io.flagledger.core.event.Change.FlagCreated;
import io.flagledger.embedded.junit.KafkaExtension;
import io.flagledger.embedded.junit.KafkaForTest;
import io.flagledger.sdk.FlagLedger;
import io.flagledger.sdk.RunningLedger;
import io.flagledger.sdk.openfeature.FlagLedgerProvider;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.logs.SdkLoggerProvider;
import io.opentelemetry.sdk.logs.data.LogRecordData;
import io.opentelemetry.sdk.logs.export.SimpleLogRecordProcessor;
import io.opentelemetry.sdk.testing.exporter.InMemoryLogRecordExporter;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What OpenTelemetry's own SDK exports of evaluations. */
@ExtendWith(KafkaExtension.class)
class FeatureFlagEventsTest {
    private final InMemoryLogRecordExporter exported = InMemoryLogRecordExporter.create();
    private final OpenTelemetry telemetry = OpenTelemetrySdk.builder()
            .setLoggerProvider(SdkLoggerProvider.builder()
                    .addLogRecordProcessor(SimpleLogRecordProcessor.create(exported))
                    .build())
            .build();

    @Test
    void eachEvaluationIsAnEventOfTheConvention(KafkaForTest broker) throws Exception {
        OpenFeatureAPI api = OpenFeatureAPI.createIsolated();
        try (RunningLedger ledger = new RunningLedger(broker, "ledger");
                FlagLedger flags = ledger.connect()) {
            ledger.append(FlagCreated.bool("gastown"), flags);
            api.setProviderAndWait(new FlagLedgerProvider(flags));
            api.addHooks(new FeatureFlagEvents(telemetry, "gastown-test", true));
            Client client = api.getClient();

            client.getBooleanValue("gastown", false, new ImmutableContext("ada", Map.of("admin", new Value(true))));
            client.getBooleanValue("nothing", false, new ImmutableContext("ada"));
        } finally {
            api.shutdown();
        }

        assertThat(exported.getFinishedLogRecordItems())
                .extracting(LogRecordData::getEventName)
                .containsExactly("feature_flag.evaluation", "feature_flag.evaluation");
        assertThat(attributes(0))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "feature_flag.key", "gastown",
                        "feature_flag.provider.name", "flag-ledger",
                        "feature_flag.result.variant", "on",
                        "feature_flag.result.reason", "targeting_match",
                        "feature_flag.context.id", "ada",
                        "feature_flag.set.id", "gastown-test",
                        "feature_flag.version", "1"));
        assertThat(attributes(1))
                .containsEntry("error.type", "flag_not_found")
                .containsEntry("feature_flag.result.reason", "error")
                .hasEntrySatisfying(
                        "feature_flag.error.message", said -> assertThat(said).contains("no flag nothing"))
                .doesNotContainKey("feature_flag.result.value");
    }

    private Map<String, String> attributes(int event) {
        Map<String, String> all = new TreeMap<>();
        Map<AttributeKey<?>, Object> attributes =
                exported.getFinishedLogRecordItems().get(event).getAttributes().asMap();
        attributes.forEach((key, value) -> all.put(key.getKey(), value.toString()));
        return all;
    }
}
