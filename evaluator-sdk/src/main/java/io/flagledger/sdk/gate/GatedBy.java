package io.flagledger.sdk.gate;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** On a method of an interface, or on the interface for all of its methods: {@link GatedProxy} lets nobody call it without access. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface GatedBy {
    /** The key of the flag. */
    String value();
}
