package io.flagledger.core.event;

/** Whether, and how far, a flag has been stopped. Changes no other field, so releasing it brings back what was. */
public enum KillSwitch {
    RELEASED,
    /** Nobody but admins is let in; who is in already may go on. */
    NEW_ACCESS,
    /** Nobody but admins is let in, and admissions end. */
    ALL_ACCESS
}
