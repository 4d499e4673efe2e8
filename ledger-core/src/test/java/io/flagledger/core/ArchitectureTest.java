package io.flagledger.core;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Instant;
import java.util.Random;
import java.util.UUID;

/** The arrows between the packages, which only ever point left: event ← fold ← command, evaluate ← travel ← codec, json, registry ← kafka. */
@AnalyzeClasses(packages = "io.flagledger.core", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String CORE = "io.flagledger.core.";
    private static final String[] PURE = {
        CORE + "event", CORE + "fold", CORE + "command", CORE + "evaluate", CORE + "travel"
    };

    @ArchTest
    static final ArchRule arrowsPointLeft = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("event")
            .definedBy(CORE + "event")
            .layer("fold")
            .definedBy(CORE + "fold")
            .layer("command")
            .definedBy(CORE + "command")
            .layer("evaluate")
            .definedBy(CORE + "evaluate")
            .layer("travel")
            .definedBy(CORE + "travel")
            .layer("codec")
            .definedBy(CORE + "codec")
            .layer("json")
            .definedBy(CORE + "json")
            .layer("proof")
            .definedBy(CORE + "proof")
            .layer("registry")
            .definedBy(CORE + "registry")
            .layer("kafka")
            .definedBy(CORE + "kafka")
            .whereLayer("event")
            .mayNotAccessAnyLayer()
            .whereLayer("fold")
            .mayOnlyAccessLayers("event")
            .whereLayer("command")
            .mayOnlyAccessLayers("event", "fold")
            .whereLayer("evaluate")
            .mayOnlyAccessLayers("event", "fold")
            .whereLayer("travel")
            .mayOnlyAccessLayers("event", "fold", "evaluate")
            .whereLayer("codec")
            .mayOnlyAccessLayers("event", "fold", "command", "evaluate")
            .whereLayer("json")
            .mayOnlyAccessLayers("event", "fold", "command", "evaluate", "travel")
            .whereLayer("proof")
            .mayOnlyAccessLayers("event", "fold", "codec")
            .whereLayer("registry")
            .mayNotAccessAnyLayer()
            .whereLayer("kafka")
            .mayNotBeAccessedByAnyLayer();

    @ArchTest
    static final ArchRule everyClassHasAPlaceInTheRow = classes()
            .should()
            .resideInAnyPackage(
                    CORE + "event",
                    CORE + "fold",
                    CORE + "command",
                    CORE + "evaluate",
                    CORE + "travel",
                    CORE + "codec",
                    CORE + "json",
                    CORE + "proof",
                    CORE + "registry",
                    CORE + "kafka");

    @ArchTest
    static final ArchRule thePurePackagesKnowOnlyTheLanguage = classes()
            .that()
            .resideInAnyPackage(PURE)
            .should()
            .onlyDependOnClassesThat(resideInAnyPackage(
                    "io.flagledger.core..",
                    "java.lang..",
                    "java.util",
                    "java.util.function",
                    "java.util.regex",
                    "java.util.stream",
                    "java.time..",
                    "java.math",
                    "java.nio.charset",
                    "java.security",
                    "org.jspecify.."));

    @ArchTest
    static final ArchRule thePurePackagesAskNobodyForTheTimeOrForChance = noClasses()
            .that()
            .resideInAnyPackage(PURE)
            .should()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(UUID.class, "randomUUID")
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(Clock.class)
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(Random.class);

    @ArchTest
    static final ArchRule onlyTheCodecKnowsAvro = noClasses()
            .that(not(resideInAPackage(CORE + "codec")))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.flagledger.wire..", "org.apache.avro..");

    @ArchTest
    static final ArchRule onlyKafkaKnowsKafka = noClasses()
            .that(not(resideInAPackage(CORE + "kafka")))
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.apache.kafka..");

    @ArchTest
    static final ArchRule onlyJsonAndTheRegistryKnowJackson = noClasses()
            .that(not(resideInAnyPackage(CORE + "json", CORE + "registry")))
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.fasterxml.jackson..");

    @ArchTest
    static final ArchRule nobodyIsDrawnWithFloats = noClasses()
            .that()
            .resideInAPackage(CORE + "evaluate")
            .should()
            .dependOnClassesThat()
            .belongToAnyOf(Float.class, Double.class, float.class, double.class);
}
