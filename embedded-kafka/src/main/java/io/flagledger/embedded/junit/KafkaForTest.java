package io.flagledger.embedded.junit;

import org.apache.kafka.clients.admin.Admin;

/**
 * A broker as one test sees it. All tests of a JVM share it and nobody cleans up: a test keeps to names that start with its
 * prefix (topics, groups, transactional ids) and so meets nothing of another's.
 *
 * @param bootstrapServers what clients put in {@code bootstrap.servers}
 * @param topicPrefix starts the names of this test and of no other, in any run; ends in a dash
 * @param admin shared by all tests: not to be closed
 */
public record KafkaForTest(String bootstrapServers, String topicPrefix, Admin admin) {}
