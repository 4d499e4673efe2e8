import { flags } from './flags.ts';
import { contextOf, type Subject } from './subject.ts';

/** What the ledger's export says of a flag beside its rules. */
export interface FlagFacts {
  killSwitch: 'RELEASED' | 'NEW_ACCESS' | 'ALL_ACCESS';
  archived: boolean;
  /** The position of the last event that changed the flag. */
  sequence: number;
}

/** Whether a subject has access to what a boolean flag guards. A flag that does not exist is closed. */
export async function isOpen(flag: string, subject: Subject): Promise<boolean> {
  return (await flags()).getBooleanValue(flag, false, contextOf(subject));
}

/** The variant of a flag that chooses between ways rather than opening one. */
export async function choose<T extends string>(flag: string, subject: Subject, otherwise: T): Promise<T> {
  return (await flags()).getStringValue<T>(flag, otherwise, contextOf(subject));
}

/** What is known of a flag itself; nothing where there is no such flag, or no ledger has been heard of yet. */
export async function factsOf(flag: string): Promise<FlagFacts | undefined> {
  // Of another type than boolean, it answers with an error and its metadata all the same.
  const { flagMetadata } = await (await flags()).getBooleanDetails(flag, false);
  const { killSwitch, archived, sequence } = flagMetadata;
  if (typeof killSwitch !== 'string' || typeof sequence !== 'number') {
    return undefined;
  }
  return { killSwitch: killSwitch as FlagFacts['killSwitch'], archived: archived === true, sequence };
}

/** Why a closed gate is closed, in words for the person at it. */
export async function reasonOf(flag: string, subject: Subject, what: string): Promise<string> {
  const facts = await factsOf(flag);
  if (facts !== undefined && facts.killSwitch !== 'RELEASED') {
    return `${what} is switched off just now. Try again later.`;
  }
  return `${what} is not open to ${subject.org ?? subject.user} yet.`;
}
