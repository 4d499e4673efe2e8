package io.flagledger.sdk;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.flagledger.sdk", importOptions = DoNotIncludeTests.class)
final class ArchitectureTest {

    @ArchTest
    static final ArchRule aServiceThatEmbedsUsEmbedsLittleElse = classes()
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "io.flagledger.sdk..",
                    "io.flagledger.core..",
                    "java..",
                    "io.micrometer.core.instrument..",
                    "io.opentelemetry.api..",
                    "org.apache.kafka.clients..",
                    "org.apache.kafka.common..",
                    "org.slf4j..",
                    "org.jspecify..",
                    "com.nimbusds..",
                    "com.fasterxml.jackson..",
                    "dev.openfeature.sdk..",
                    "jakarta.servlet..")
            .because("kafka-clients, avro with its jackson, slf4j and nimbus are all that comes along");

    @ArchTest
    static final ArchRule micrometerIsForThoseWhoBringIt = noClasses()
            .that()
            .resideOutsideOfPackage("io.flagledger.sdk.metrics")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.micrometer..", "io.flagledger.sdk.metrics")
            .because("it is an optional dependency");

    @ArchTest
    static final ArchRule whatNotEverybodyHasIsSeenByTheOnePackageThatIsForIt = noClasses()
            .that()
            .resideOutsideOfPackage("io.flagledger.sdk.openfeature..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.openfeature.sdk..", "com.fasterxml.jackson..");

    @ArchTest
    static final ArchRule openTelemetryIsForThoseWhoBringIt = noClasses()
            .that()
            .resideOutsideOfPackage("io.flagledger.sdk.openfeature.telemetry")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.opentelemetry..", "io.flagledger.sdk.openfeature.telemetry");

    @ArchTest
    static final ArchRule servletsAreSeenByGates = noClasses()
            .that()
            .resideOutsideOfPackage("io.flagledger.sdk.gate..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("jakarta.servlet..");

    @ArchTest
    static final ArchRule packagesDoNotKnowEachOtherInTurn =
            slices().matching("io.flagledger.(sdk..)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule tokensAreMadeInOnePlace = noClasses()
            .that()
            .resideOutsideOfPackage("io.flagledger.sdk.admission..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.nimbusds..");
}
