import { flags } from './flags.ts';
import { contextOf, type Subject } from './subject.ts';

/** What the ledger's export says of a flag beside its rules. */
export interface FlagFacts {
  /** Where it is killed: for whom is not let in yet, or for all. */
  killSwitch?: 'NEW_ACCESS' | 'ALL_ACCESS' | undefined;
  archived: boolean;
  /** The position of the last event that changed the flag. */
  sequence: number;
}

/** Whether a subject has access to what a boolean flag guards. A flag that does not exist is closed. */
export async function isOpen(flag: string, subject: Subject): Promise<boolean> {
  return (await flags()).getBooleanValue(flag, false, contextOf(subject));
}

/** Which of several ways a flag chooses; the first where it says none of them, as a newer one that this code does not know. */
export async function choose<const T extends string>(flag: string, subject: Subject, ways: readonly [T, ...T[]]): Promise<T> {
  const said = await (await flags()).getStringValue(flag, ways[0], contextOf(subject));
  return ways.find((way) => way === said) ?? ways[0];
}

/** What is known of a flag itself; nothing where there is no such flag, or no ledger has been heard of yet. */
export async function factsOf(flag: string): Promise<FlagFacts | undefined> {
  // Of another type than boolean, it answers with an error and its metadata all the same.
  const { flagMetadata } = await (await flags()).getBooleanDetails(flag, false);
  const { killSwitch, archived, sequence } = flagMetadata as Partial<FlagFacts>;
  return sequence === undefined ? undefined : { killSwitch, archived: archived === true, sequence };
}

/** Why a closed gate is closed, in words for the person at it. */
export async function reasonOf(flag: string, subject: Subject, what: string): Promise<string> {
  const facts = await factsOf(flag);
  if (facts?.killSwitch !== undefined) {
    return `${what} is switched off just now. Try again later.`;
  }
  return `${what} is not open to ${subject.org ?? subject.user} yet.`;
}
