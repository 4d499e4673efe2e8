import { isOpen, reasonOf } from './gate.ts';
import type { Subject } from './subject.ts';

export type Checked = { allowed: true } | { allowed: false; reason: string };

/** What the creation of something takes: a flag, and what people call that which it opens. */
export interface Needed {
  flag: string;
  what: string;
}

/** Creation: refused with the reason of the first flag that is closed, so that a form can show it. */
export async function checkCreation(subject: Subject, ...needed: Needed[]): Promise<Checked> {
  for (const { flag, what } of needed) {
    if (!(await isOpen(flag, subject))) {
      return { allowed: false, reason: await reasonOf(flag, subject, what) };
    }
  }
  return { allowed: true };
}
