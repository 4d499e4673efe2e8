package io.flagledger.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flagledger.core.json.LedgerJson;
import io.flagledger.core.kafka.KafkaConnection;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.resource.ResourceType;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "acls",
        description = {
            "Tell what a Kafka with ACLs must allow, as commands of Kafka's own kafka-acls.sh, or allow it at once.",
            "Nothing more is needed; a principal that plays several roles needs what each of them does."
        })
final class AclsCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final Duration TICK = Duration.ofMillis(20);
    private static final Pattern PRINCIPAL = Pattern.compile("[A-Za-z]+:[^\\p{Cntrl}'\\\\]+");

    private final Session session;

    @Option(
            names = "--role",
            paramLabel = "ROLE,…",
            required = true,
            split = ",",
            description =
                    "what it does: evaluator (reads, as gateways and services do), writer (changes flags, as consoles do), projector,"
                            + " setup (makes the topics, once)")
    private List<String> roles = List.of();

    @Option(
            names = "--principal",
            paramLabel = "TYPE:NAME",
            required = true,
            description = "who it is to Kafka, such as User:checkout, or User:CN=checkout where certificates tell")
    private String principal = "";

    @Option(
            names = "--apply",
            description = "add them, with the rights of whoever --kafka-config names; those there are stay")
    private boolean apply;

    AclsCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        if (!PRINCIPAL.matcher(principal).matches()) {
            throw Complaint.usage(
                    "--principal is TYPE:NAME, such as User:checkout, not '%s'".formatted(Text.oneLine(principal)));
        }
        Set<AccessRole.Grant> grants = grants();
        if (apply) {
            apply(bindings(grants));
        }
        if (session.wantsJson()) {
            session.print(json(grants));
        } else if (apply) {
            session.out()
                    .println("%s may do now what %s needs"
                            .formatted(principal, String.join(" and ", roles).toLowerCase(Locale.ROOT)));
        } else {
            grants.forEach(grant -> session.out().println(line(grant)));
        }
        return Exit.DONE;
    }

    private Set<AccessRole.Grant> grants() {
        Set<AccessRole.Grant> grants = new LinkedHashSet<>();
        for (String role : roles) {
            AccessRole played = Choices.read(role.strip(), List.of(AccessRole.values()));
            grants.addAll(played.grants(session.topics()));
        }
        return grants;
    }

    private List<AclBinding> bindings(Set<AccessRole.Grant> grants) {
        return grants.stream()
                .flatMap(grant -> grant.operations().stream()
                        .map(operation -> new AclBinding(
                                grant.resource(),
                                new AccessControlEntry(principal, "*", operation, AclPermissionType.ALLOW))))
                .distinct()
                .toList();
    }

    private void apply(List<AclBinding> bindings) {
        KafkaConnection connection = session.connection();
        int patience = (int) PATIENCE.toMillis();
        try (Admin admin = Admin.create(connection.with(Map.of(
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                patience,
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                patience)))) {
            admin.createAcls(bindings).all().get();
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            // The controller has them; the broker that is asked hears of them a moment later.
            while (!admin.describeAcls(AclBindingFilter.ANY).values().get().containsAll(bindings)
                    && System.nanoTime() < deadline) {
                LockSupport.parkNanos(TICK.toNanos());
            }
        } catch (ExecutionException e) {
            throw Complaint.unreachable("Kafka at %s has not taken the ACLs: %s".formatted(connection, said(e)), e);
        } catch (KafkaException e) {
            throw Complaint.unreachable("no Kafka can be asked at %s: %s".formatted(connection, said(e)), e);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    /** What was wrong in the first place: Kafka's clients wrap it in what they could not do therefore. */
    private static String said(Throwable e) {
        Throwable deepest = e;
        while (deepest.getCause() != null) {
            deepest = deepest.getCause();
        }
        return String.valueOf(deepest.getMessage());
    }

    private String line(AccessRole.Grant grant) {
        StringBuilder line = new StringBuilder("kafka-acls.sh --bootstrap-server %s --command-config FILE --add"
                .formatted(session.connection().bootstrapServers()));
        line.append(" --allow-principal '").append(principal).append('\'');
        grant.operations().forEach(operation -> line.append(" --operation ").append(word(operation)));
        line.append(" --resource-pattern-type ")
                .append(grant.resource().patternType().name().toLowerCase(Locale.ROOT));
        if (grant.resource().resourceType() == ResourceType.CLUSTER) {
            return line.append(" --cluster").toString();
        }
        String resource = grant.resource().resourceType().name().toLowerCase(Locale.ROOT);
        return line.append(" --%s '%s'"
                        .formatted(resource.replace('_', '-'), grant.resource().name()))
                .toString();
    }

    private static String word(AclOperation operation) {
        StringBuilder word = new StringBuilder();
        for (String part : operation.name().split("_", -1)) {
            word.append(part.charAt(0)).append(part.substring(1).toLowerCase(Locale.ROOT));
        }
        return word.toString();
    }

    private ObjectNode json(Set<AccessRole.Grant> grants) {
        ObjectNode json = LedgerJson.object().put("principal", principal).put("applied", apply);
        ArrayNode all = json.putArray("allow");
        for (AccessRole.Grant grant : grants) {
            ObjectNode one = all.addObject()
                    .put("resource", grant.resource().resourceType().name())
                    .put("pattern", grant.resource().patternType().name())
                    .put("name", grant.resource().name());
            ArrayNode operations = one.putArray("operations");
            grant.operations().forEach(operation -> operations.add(operation.name()));
        }
        return json;
    }
}
