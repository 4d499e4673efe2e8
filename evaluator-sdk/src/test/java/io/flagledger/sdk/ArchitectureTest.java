package io.flagledger.sdk;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

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
                    "org.apache.kafka.clients..",
                    "org.apache.kafka.common..",
                    "org.slf4j..",
                    "org.jspecify..")
            .because("kafka-clients, avro and slf4j are all that comes along");

    @ArchTest
    static final ArchRule micrometerIsForThoseWhoBringIt = noClasses()
            .that()
            .resideOutsideOfPackage("io.flagledger.sdk.metrics")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.micrometer..", "io.flagledger.sdk.metrics")
            .because("it is an optional dependency");
}
