package io.flagledger.cli;

import static org.apache.kafka.common.acl.AclOperation.CREATE;
import static org.apache.kafka.common.acl.AclOperation.DELETE;
import static org.apache.kafka.common.acl.AclOperation.DESCRIBE;
import static org.apache.kafka.common.acl.AclOperation.DESCRIBE_CONFIGS;
import static org.apache.kafka.common.acl.AclOperation.READ;
import static org.apache.kafka.common.acl.AclOperation.WRITE;

import io.flagledger.core.kafka.LedgerTopics;
import io.flagledger.projector.ProjectorConfig;
import java.util.List;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.Resource;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/** What somebody does with a ledger, and the least that a Kafka with ACLs must allow for it. */
enum AccessRole {
    /** Reads: evaluators, the gateway, and every command that changes nothing. */
    EVALUATOR {
        @Override
        List<Grant> grants(LedgerTopics topics) {
            return List.of(
                    Grant.topic(topics.events(), READ, DESCRIBE, DESCRIBE_CONFIGS),
                    Grant.topic(topics.state(), READ, DESCRIBE, DESCRIBE_CONFIGS),
                    Grant.cluster(DESCRIBE));
        }
    },

    /** Appends changes: the console, and the commands that change flags. */
    WRITER {
        @Override
        List<Grant> grants(LedgerTopics topics) {
            return List.of(
                    Grant.topic(topics.events(), READ, WRITE, DESCRIBE, DESCRIBE_CONFIGS),
                    Grant.topic(topics.state(), DESCRIBE, DESCRIBE_CONFIGS),
                    Grant.prefix(ResourceType.TRANSACTIONAL_ID, topics.transactionalIdPrefix(), WRITE, DESCRIBE));
        }
    },

    /** Folds the ledger into stores and the state topic. */
    PROJECTOR {
        @Override
        List<Grant> grants(LedgerTopics topics) {
            return List.of(
                    Grant.topic(topics.events(), READ, DESCRIBE, DESCRIBE_CONFIGS),
                    Grant.topic(topics.state(), READ, WRITE, DESCRIBE, DESCRIBE_CONFIGS),
                    Grant.prefix(
                            ResourceType.TOPIC,
                            ProjectorConfig.NAME,
                            CREATE,
                            DELETE,
                            READ,
                            WRITE,
                            DESCRIBE,
                            DESCRIBE_CONFIGS),
                    Grant.prefix(ResourceType.GROUP, ProjectorConfig.NAME, READ, DESCRIBE, DELETE),
                    Grant.prefix(ResourceType.TRANSACTIONAL_ID, ProjectorConfig.NAME, WRITE, DESCRIBE));
        }
    },

    /** Makes the two topics; nobody needs it once they are there. */
    SETUP {
        @Override
        List<Grant> grants(LedgerTopics topics) {
            return List.of(
                    Grant.topic(topics.events(), CREATE, DESCRIBE, DESCRIBE_CONFIGS),
                    Grant.topic(topics.state(), CREATE, DESCRIBE, DESCRIBE_CONFIGS));
        }
    };

    abstract List<Grant> grants(LedgerTopics topics);

    /** That some operations are allowed on what has a name, or a name that begins so. */
    record Grant(ResourcePattern resource, List<AclOperation> operations) {
        private static Grant topic(String name, AclOperation... operations) {
            return new Grant(new ResourcePattern(ResourceType.TOPIC, name, PatternType.LITERAL), List.of(operations));
        }

        private static Grant cluster(AclOperation... operations) {
            return new Grant(
                    new ResourcePattern(ResourceType.CLUSTER, Resource.CLUSTER_NAME, PatternType.LITERAL),
                    List.of(operations));
        }

        private static Grant prefix(ResourceType type, String prefix, AclOperation... operations) {
            return new Grant(new ResourcePattern(type, prefix, PatternType.PREFIXED), List.of(operations));
        }
    }
}
