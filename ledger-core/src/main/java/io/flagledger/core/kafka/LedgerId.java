package io.flagledger.core.kafka;

/**
 * Which ledger this is: Kafka's ids of its two topics. A topic that was deleted and created again has another id.
 *
 * @param events the id of the events topic, which is the ledger's identity
 * @param state the id of the state topic
 */
public record LedgerId(String events, String state) {}
