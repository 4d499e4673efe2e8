package io.flagledger.cli;

import org.apache.kafka.common.utils.AppInfoParser;
import picocli.CommandLine.IVersionProvider;

/** Which program this is. */
final class Versions implements IVersionProvider {
    @Override
    public String[] getVersion() {
        String version = Versions.class.getPackage().getImplementationVersion();
        return new String[] {
            "ledger %s (Java %s, Kafka clients %s)"
                    .formatted(
                            version == null ? "from its sources" : version,
                            System.getProperty("java.version"),
                            AppInfoParser.getVersion())
        };
    }
}
