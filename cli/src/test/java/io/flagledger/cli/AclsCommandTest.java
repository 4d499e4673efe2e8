package io.flagledger.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.flagledger.core.kafka.KafkaConnection;
import io.flagledger.embedded.junit.SecuredKafka;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AccessControlEntryFilter;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.ResourcePatternFilter;
import org.apache.kafka.common.utils.Exit;
import org.apache.kafka.tools.AclCommand;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code ledger acls} prints, given to Kafka's own tool as a shell would. */
class AclsCommandTest {
    private static final Pattern WORD = Pattern.compile("'([^']*)'|(\\S+)");

    @Test
    void everyPrintedLineIsUnderstoodByKafkasToolAndAllowsWhatTheCommandAllowsItself(@TempDir Path folder)
            throws Exception {
        try (SecuredKafka kafka = SecuredKafka.withPasswords(folder, "printed", "applied")) {
            Path operator = folder.resolve("operator.properties");
            Properties properties = new Properties();
            properties.putAll(kafka.operator());
            try (Writer out = Files.newBufferedWriter(operator)) {
                properties.store(out, null);
            }
            List<String> lines = acls(kafka, operator, "User:printed");
            assertThat(acls(kafka, operator, "User:applied", "--apply")).hasSize(1);

            assertThat(lines).hasSizeGreaterThan(8).allMatch(line -> line.startsWith("kafka-acls.sh "));
            Exit.setExitProcedure((status, message) -> {
                throw new AssertionError("kafka-acls.sh ends with %d: %s".formatted(status, message));
            });
            try {
                for (String line : lines) {
                    List<String> words = words(line.replace("FILE", operator.toString()));
                    AclCommand.main(words.subList(1, words.size()).toArray(String[]::new));
                }
            } finally {
                Exit.resetExitProcedure();
            }

            try (Admin admin =
                    Admin.create(new KafkaConnection(kafka.bootstrapServers(), kafka.operator()).with(Map.of()))) {
                Awaitility.await()
                        .untilAsserted(() -> assertThat(granted(admin, "User:printed"))
                                .isNotEmpty()
                                .containsExactlyInAnyOrderElementsOf(granted(admin, "User:applied")));
            }
        }
    }

    private static List<String> acls(SecuredKafka kafka, Path operator, String principal, String... more)
            throws IOException {
        List<String> command = new ArrayList<>(
                List.of("acls", "--role", "setup,writer,projector,evaluator", "--principal", principal));
        command.addAll(List.of("--bootstrap", kafka.bootstrapServers(), "--kafka-config", operator.toString()));
        command.addAll(List.of(more));
        Run run = Run.of(Map.of("LEDGER_TOPIC_PREFIX", "printed"), command.toArray(String[]::new));
        assertThat(run.status()).as(run.err()).isZero();
        return run.out().lines().toList();
    }

    private static List<String> words(String line) {
        List<String> words = new ArrayList<>();
        for (Matcher word = WORD.matcher(line); word.find(); ) {
            words.add(word.group(1) == null ? word.group(2) : word.group(1));
        }
        return words;
    }

    /** All that somebody may, less who it is. */
    private static List<String> granted(Admin admin, String principal) throws Exception {
        AclBindingFilter filter = new AclBindingFilter(
                ResourcePatternFilter.ANY,
                new AccessControlEntryFilter(principal, null, AclOperation.ANY, AclPermissionType.ANY));
        Collection<AclBinding> bindings = admin.describeAcls(filter).values().get();
        return bindings.stream()
                .map(binding -> binding.pattern() + " " + binding.entry().operation() + " "
                        + binding.entry().permissionType() + " "
                        + binding.entry().host())
                .toList();
    }
}
