import io.flagledger.core.evaluate.Decision;
import io.flagledger.core.evaluate.Subject;
import io.flagledger.core.kafka.KafkaConnection;
import io.flagledger.core.kafka.LedgerTopics;
import io.flagledger.sdk.FlagLedger;
import io.flagledger.sdk.FlagLedgerConfig;
import java.time.Duration;

/**
 * A service with an embedded evaluator, cut down to one line of output a change: prints whether somebody has access to a
 * flag, at once and whenever that flag or another changes.
 *
 * <p>{@code java -cp 'cli/target/dist/lib/*' examples/Follow.java FLAG USER [ORG]}
 */
final class Follow {
    public static void main(String[] arguments) throws InterruptedException {
        String flag = arguments[0];
        Subject subject = Subject.user(arguments[1]).org(arguments.length > 2 ? arguments[2] : null);
        KafkaConnection kafka = KafkaConnection.of(setting("LEDGER_BOOTSTRAP", "localhost:9092"));
        LedgerTopics topics = LedgerTopics.withPrefix(setting("LEDGER_TOPIC_PREFIX", "flag-ledger"));
        String environment = setting("LEDGER_ENVIRONMENT", "gastown-production");

        try (FlagLedger flags = FlagLedger.connect(FlagLedgerConfig.of(kafka, environment).withTopics(topics))) {
            flags.awaitReady(Duration.ofSeconds(10));
            flags.onChange(change -> print(flags.decide(flag, subject))); // before the first look, or one could be missed
            print(flags.decide(flag, subject));
            Thread.currentThread().join();
        }
    }

    private static void print(Decision decision) {
        System.out.printf(
                "#%d %s %s: %s%n",
                decision.sequence(), decision.flag(), decision.granted() ? "open" : "closed", decision.reason());
    }

    private static String setting(String name, String otherwise) {
        return System.getenv().getOrDefault(name, otherwise);
    }
}
