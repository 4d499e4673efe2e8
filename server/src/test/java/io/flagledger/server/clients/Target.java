package io.flagledger.server.clients;

/**
 * What a client is pointed at.
 *
 * @param http {@code http://host:port}
 * @param flagd {@code host:port}
 */
record Target(String http, String flagd, String environment, String token) {}
